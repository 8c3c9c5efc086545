/** The URL of `npm start`, as the documents write it. */
const DOCUMENTED_URL = "ws://127.0.0.1:3300/dev";
const COMMAND = /^npx wscat -c "(ws:[^"]+)"$/;

/** The URL in a documented wscat command, on the gateway at `url`. Throws when the command starts no client. */
export function urlOfCommand(command: string, url: string): string {
  const [, documented] = COMMAND.exec(command) ?? [];
  if (documented === undefined) {
    throw new Error(`This command starts no client: ${command}`);
  }
  return documented.replace(DOCUMENTED_URL, url);
}
