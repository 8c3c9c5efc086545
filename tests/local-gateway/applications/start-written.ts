import { type LocalGatewayOptions, startLocalGateway } from "../../../local-gateway/index.ts";
import { LogLines } from "../lambda/log-lines.ts";
import { wsConnect } from "../support/ws-connect.ts";
import { type ApplicationFiles, writeApplication } from "./write-application.ts";

/** Writes and starts an application; disposing stops and removes it. The template may be in another place than at the top. */
export async function startWritten(
  files: ApplicationFiles,
  { template, ...options }: Omit<Partial<LocalGatewayOptions>, "onLine"> = {},
) {
  await using resources = new AsyncDisposableStack();
  const application = resources.use(await writeApplication(files, template));
  const lines = new LogLines();
  const { url, close } = await startLocalGateway({
    template: application.template,
    onLine: (line) => lines.add(line),
    ...options,
  });
  resources.defer(close);
  const owned = resources.move();
  const { folder } = application;
  return { url, folder, lines, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** What a new client is sent after it has sent a text. */
export async function answerOf(url: string, message = "hello"): Promise<string> {
  const client = await wsConnect(url);
  client.send(message);
  return await client.messages.take();
}
