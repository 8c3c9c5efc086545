import { FAULTS } from "./faults/fault-name.ts";

/** What `--help` prints. */
export const USAGE = `Runs the WebSocket API, the functions and the tables of a SAM template on this machine.

  --template FILE                 the SAM template (template.yaml)
  --host HOST                     the address to listen on (127.0.0.1)
  --port N                        the port of the API, 0 for any free one (3300)
  --dynamodb-port N               the port of the embedded DynamoDB (3301; with --port any free one)
  --static DIR                    serve the files of a folder at / (none)
  --default-static DIR            the same, for ./template.yaml only (none)
  --allow-host NAME               accept requests for a further host name; may be repeated
  --allow-origin ORIGIN           let a web page call the signed APIs; may be repeated
  --parameter-overrides K=V ...   values of the template's parameters
  --idle-timeout S                seconds without traffic until a connection is closed (600)
  --connection-duration S         seconds until any connection is closed (7200)
  --no-watch                      do not reload a function when its sources change
  --inspect[=PORT]                let a debugger attach to the first function, on 9229; to the next on 9230, ...
  --max-environments N            the reserved concurrency of each function (none: events wait)
  --fault NAME=SHARE[:MS]         let something go wrong on a share of occasions, 0 to 1; may be repeated
  --fault-seed N                  chooses the occasions (1)
  --log-bodies                    report the texts of messages, answers and posts too
  --quiet                         report errors only
  --help, -h                      print this
  --version                       print the version

Faults: ${Object.keys(FAULTS).join(", ")}
`;
