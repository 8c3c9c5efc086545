import { spawn } from "node:child_process";
import { once } from "node:events";
import { constants } from "node:os";
import { LocalGatewayError } from "../errors.ts";
import type { LocalApi, RunningGateway } from "../run-gateway.ts";
import { SIGNALS } from "./process.ts";

/** A program and its arguments. */
export type Command = readonly [program: string, ...args: string[]];

/** The arguments of `exec`: those of the gateway, and after `--` the command, unless only help is asked for. */
interface ExecArguments {
  readonly gateway: readonly string[];
  readonly command?: Command;
}

const HELP = ["--help", "-h", "--version"];

/**
 * Reads `exec [options] -- command`; undefined when the first argument is not `exec`. Throws `INVALID_OPTION` when the
 * command is missing.
 */
export function readExec(args: readonly string[]): ExecArguments | undefined {
  const [name, ...rest] = args;
  if (name !== "exec") {
    return;
  }
  const end = rest.indexOf("--");
  const options = end < 0 ? rest : rest.slice(0, end);
  const [program, ...own] = end < 0 ? [] : rest.slice(end + 1);
  if (options.some((option) => HELP.includes(option))) {
    return { gateway: options };
  }
  if (program === undefined) {
    const sentence = "exec takes a command after --, for example: exec -- npm test";
    throw new LocalGatewayError("INVALID_OPTION", sentence);
  }
  return {
    // The command finds its gateway wherever it is: any ports do.
    gateway: ["--port", "0", "--no-watch", ...options],
    command: [program, ...own],
  };
}

/** What would make an SDK choose other credentials than those of the gateway. */
const OTHER_CREDENTIALS = ["AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN"];

/**
 * The environment variables in which a command finds the gateway. The SDK's own name its endpoints, region and
 * credentials, so that an SDK client needs no options.
 *
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
 */
export function commandVariables({
  url,
  managementUrl,
  apis,
  dynamodbUrl,
  region,
}: Pick<RunningGateway, "url" | "managementUrl" | "apis" | "dynamodbUrl" | "region">) {
  return {
    ...Object.fromEntries(apis.flatMap(apiVariables)),
    WEBSOCKET_API_URL: url,
    AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI: managementUrl,
    AWS_ENDPOINT_URL_DYNAMODB: dynamodbUrl,
    AWS_ENDPOINT_URL_LAMBDA: new URL(managementUrl).origin,
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
  };
}

/** The URLs of an API, and of each of its stages, under names of their own. */
function apiVariables({ logicalId, url, managementUrl, stages }: LocalApi): [string, string][] {
  const named = [
    { name: logicalId, url, managementUrl },
    ...stages.map((stage) => ({ ...stage, name: `${logicalId}_${stage.name}` })),
  ];
  return named.flatMap((target): [string, string][] => {
    const name = target.name.replaceAll(/\W/g, "_");
    return [
      [`WEBSOCKET_API_URL_${name}`, target.url],
      [`MANAGEMENT_API_URL_${name}`, target.managementUrl],
    ];
  });
}

/** The exit code of a command that a signal ended, as a shell has it. */
export function exitCodeOf(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal];
}

/**
 * Runs a command with further environment variables, on this process's own input and output, and resolves with its exit
 * code: 128 and the signal's number when a signal ended it. A signal that comes to this process is passed on.
 *
 * Throws `COMMAND_NOT_STARTED` when the command cannot be started.
 */
export async function runCommand(
  [program, ...args]: Command,
  environment: NodeJS.ProcessEnv,
  variables: Readonly<Record<string, string>>,
): Promise<number> {
  const own = Object.entries(environment).filter(([name]) => !OTHER_CREDENTIALS.includes(name));
  const child = spawn(program, args, {
    stdio: "inherit",
    env: { ...Object.fromEntries(own), ...variables },
    shell: process.platform === "win32",
  });
  // The command ends first, then the gateway. A terminal has sent Ctrl-C to both.
  const passOn = (signal: NodeJS.Signals) => {
    if (signal !== "SIGINT" || !process.stdin.isTTY) {
      child.kill(signal);
    }
  };
  for (const signal of SIGNALS) {
    process.on(signal, passOn);
  }
  try {
    const [code, signal] = (await once(child, "exit")) as
      | [code: number, signal: null]
      | [code: null, signal: NodeJS.Signals];
    return signal === null ? code : exitCodeOf(signal);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : cause;
    const sentence = `The command ${program} cannot be started: ${reason}`;
    throw new LocalGatewayError("COMMAND_NOT_STARTED", sentence, { cause });
  } finally {
    for (const signal of SIGNALS) {
      process.off(signal, passOn);
    }
  }
}
