import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { startLocalGateway } from "../../local-gateway/index.ts";

test("README.md's example of the client runs as it stands, but for the places", async () => {
  const [, example = ""] = /^```ts\n(.*?)^```$/ms.exec(await readFile("README.md", "utf8")) ?? [];
  const gateway = await startLocalGateway({
    template: "template.yaml",
    parameterOverrides: { PresenceWatchers: "20" },
    quiet: true,
  });
  const folder = await mkdtemp(join(tmpdir(), "example-"));
  try {
    const program = example
      .replace("serverless-websocket-relay-client", join(process.cwd(), "client", "index.ts"))
      .replace("ws://127.0.0.1:3300/dev", gateway.url);
    const file = join(folder, "example.ts");
    await writeFile(file, program);
    const { stdout } = await promisify(execFile)(process.execPath, [file]);
    expect(stdout).toMatch(/^alice joined$/m);
    expect(stdout).toMatch(/^0 received it\. Who is here:$/m);
    expect(stdout).toMatch(/^alice$/m);
  } finally {
    await rm(folder, { recursive: true });
    await gateway.close();
  }
});
