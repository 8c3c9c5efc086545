import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startLocalGateway } from "../../../local-gateway/index.ts";
import { NOTES, SOON } from "../inspector/start-notes.ts";
import { run } from "../invoke/run.ts";
import { signedFetch } from "../support/signed-fetch.ts";

/** Copies the application into a folder of its own, and names a file for a recording; disposing removes both. */
export async function copyNotes() {
  const folder = await mkdtemp(join(tmpdir(), "notes-"));
  await cp(NOTES, folder, { recursive: true });
  const code = join(folder, "function", "notes.js");
  const template = join(folder, "template.yaml");
  const file = join(folder, "session.jsonl");
  return {
    template,
    file,
    /** Changes the code of the function: each text, which is there once, becomes the other one. */
    async edit(changes: Readonly<Record<string, string>>) {
      let text = await readFile(code, "utf8");
      for (const [before, after] of Object.entries(changes)) {
        const parts = text.split(before);
        if (parts.length !== 2) {
          throw new Error(`The code has ${parts.length - 1} times: ${before}`);
        }
        text = parts.join(after);
      }
      await writeFile(code, text);
    },
    /** The lines of the recording, parsed. */
    async lines(): Promise<Record<string, unknown>[]> {
      const text = await readFile(file, "utf8");
      return text
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line));
    },
    /** Replays the recording, or another file, by the command. */
    replay: (path = file, ...options: string[]) =>
      run("cli.ts", ["replay", path, "--template", template, ...options]),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}

/**
 * Records a session: two clients, notes that one keeps for itself and posts to the other, also when that has gone, a note
 * that the developer has written, one that is read by the id that the function made, and an error.
 */
export async function recordNotes({ template, file }: { template: string; file: string }) {
  await using gateway = await startLocalGateway({ template, record: file, onLine: () => {} });
  const alice = await gateway.connect({ ...SOON, query: { token: "a-token" } });
  const bob = await gateway.connect(SOON);
  alice.sendJson({ action: "say", text: "kept" });
  const { id } = await alice.nextJson<{ id: string }>();
  alice.sendJson({ action: "say", read: id });
  await alice.next();
  alice.sendJson({ action: "say", text: "for bob", to: bob.connectionId });
  await bob.next();
  await bob.close();
  await gateway.waitForEvent({ connectionId: bob.connectionId, routeKey: "$disconnect" });
  alice.sendJson({ action: "say", text: "too late", to: bob.connectionId });
  await gateway.waitForEvent({ routeKey: "say", connectionId: alice.connectionId });
  await signedFetch(gateway.dynamodbUrl, {
    ...{ method: "POST", service: "dynamodb", region: "us-east-1" },
    headers: {
      "x-amz-target": "DynamoDB_20120810.PutItem",
      "content-type": "application/x-amz-json-1.0",
    },
    body: JSON.stringify({
      TableName: "notes",
      Item: { id: { S: "seed" }, text: { S: "seeded" } },
    }),
  });
  alice.sendJson({ action: "say", read: "seed" });
  await alice.next();
  alice.sendJson({ action: "fail" });
  await alice.next();
}
