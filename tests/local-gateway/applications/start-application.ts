import { fileURLToPath } from "node:url";
import { type LocalGatewayOptions, startLocalGateway } from "../../../local-gateway/index.ts";
import { LogLines } from "../lambda/log-lines.ts";

/** Starts the application in a folder of the fixtures, or a copy that `template` is in; disposing stops it. */
export async function startApplication(
  name: string,
  options: Partial<Omit<LocalGatewayOptions, "onLine">> = {},
) {
  const lines = new LogLines();
  const gateway = await startLocalGateway({
    template: fileURLToPath(new URL(`fixtures/${name}/template.yaml`, import.meta.url)),
    onLine: (line) => lines.add(line),
    ...options,
  });
  return {
    url: gateway.url,
    managementUrl: gateway.managementUrl,
    lines,
    [Symbol.asyncDispose]: () => gateway.close(),
  };
}
