import { join } from "node:path";
import { type LocalGateway, startLocalGateway } from "../local-gateway/index.ts";

/** What a benchmark watches. */
export interface Subject {
  readonly gateway: LocalGateway;
  /** The lines of errors that the gateway has reported. */
  readonly errors: readonly string[];
}

/** Starts the gateway in this process, with the function that lets in everyone and echoes. */
export async function startSubject(): Promise<Subject> {
  const errors: string[] = [];
  const gateway = await startLocalGateway({
    template: join(import.meta.dirname, "app", "template.yaml"),
    quiet: true,
    onLine: (line) => errors.push(line),
  });
  return { gateway, errors };
}
