import { fileURLToPath } from "node:url";
import { type LocalGatewayOptions, startLocalGateway } from "../../../local-gateway/index.ts";

/** The folder of an application that keeps notes. */
export const NOTES = fileURLToPath(new URL("fixtures/notes", import.meta.url));

/** The template of an application in which one function invokes another. */
export const NESTED = fileURLToPath(new URL("fixtures/nested/template.yaml", import.meta.url));

/** Nothing in these tests takes that long. */
export const SOON = { timeout: 15_000 };

/** Starts the application with an inspector. */
export async function startNotes(options: Partial<LocalGatewayOptions> = {}) {
  const template = `${NOTES}/template.yaml`;
  const gateway = await startLocalGateway({
    template,
    inspector: true,
    onLine: () => {},
    ...options,
  });
  return Object.assign(gateway, { inspectorUrl: gateway.inspectorUrl ?? "" });
}
