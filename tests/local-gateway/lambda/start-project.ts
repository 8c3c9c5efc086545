import { type LocalGatewayOptions, startLocalGateway } from "../../../local-gateway/index.ts";
import { Inbox } from "../support/inbox.ts";
import { type ProjectKind, writeProject } from "./write-project.ts";

/** Runs a project of one function that a test writes, and watches its sources; disposing it ends and removes it. */
export async function startProject(
  kind: ProjectKind,
  files: Readonly<Record<string, string>>,
  options: Partial<LocalGatewayOptions> = {},
) {
  const project = await writeProject(kind, files);
  const lines = new Inbox<string>();
  const gateway = await startLocalGateway({
    template: project.template,
    onLine: (line) => lines.put(line),
    watch: true,
    ...options,
  });
  return {
    folder: project.folder,
    url: gateway.url,
    write: project.write,
    /** The next line that matches. */
    async line(pattern: RegExp): Promise<string> {
      for (;;) {
        const line = await lines.take();
        if (pattern.test(line)) {
          return line;
        }
      }
    },
    async [Symbol.asyncDispose]() {
      await gateway.close();
      await project[Symbol.asyncDispose]();
    },
  };
}
