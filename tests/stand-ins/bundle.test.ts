import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildFunction } from "../../local-gateway/lambda/build-function.ts";
import type { FunctionDefinition } from "../../local-gateway/template/function-definition.ts";
import { readApplication } from "../../local-gateway/template/read-application.ts";

/** A text that only what a stand-in replaces has in it. */
const TRACES: readonly string[] = [
  "AWS_CONTAINER_CREDENTIALS",
  "AWS_ENDPOINT_DISCOVERY_ENABLED",
  ":event-type",
  'from"node:fs"',
  "node:fs/promises",
  'from"node:os"',
  'from"node:path"',
  "node:process",
  'from"node:stream"',
  "node:stream/promises",
  "node:stream/web",
  'from"node:timers"',
  "defineMetadata",
  // The first of the constants with which SHA-256 begins.
  "1779033703",
];

async function definition(): Promise<FunctionDefinition> {
  const { functions } = await readApplication("template.yaml", { region: "us-east-1" });
  const relay = functions.get("RelayFunction");
  if (relay?.esbuild === undefined) {
    throw new Error("The relay's function is not built with esbuild.");
  }
  return relay;
}

/** The texts of the files that a definition is built into, by their names. */
async function bundle(relay: FunctionDefinition): Promise<ReadonlyMap<string, string>> {
  const directory = await mkdtemp(join(tmpdir(), "stand-ins-"));
  try {
    await buildFunction(relay, directory);
    const names = (await readdir(directory)).filter((name) => name.endsWith(".mjs"));
    const read = names.map(async (name): Promise<[string, string]> => {
      return [name, await readFile(join(directory, name), "utf8")];
    });
    return new Map(await Promise.all(read));
  } finally {
    await rm(directory, { recursive: true });
  }
}

/** The texts of all the files together. */
async function wholeText(relay: FunctionDefinition): Promise<string> {
  return [...(await bundle(relay)).values()].join("\n");
}

describe("the built function", () => {
  test("has nothing in it of what the stand-ins replace", async () => {
    const text = await wholeText(await definition());
    expect(TRACES.filter((trace) => text.includes(trace))).toEqual([]);
  });

  test("loads node:http, and with it Node's WebSocket client, only when it is needed", async () => {
    const text = await wholeText(await definition());
    expect(text).toContain('import("node:http")');
    expect(text).not.toMatch(/(from|import) ?"(node:)?http"/);
  });

  test.each([
    ["table's client", /^dynamodb-connection-store-/, "DynamoDB_20120810"],
    ["token verifier", /^check-token-/, "Invalid JWT"],
  ])("loads the %s from a file of its own, when it is needed", async (_, name, trace) => {
    const files = [...(await bundle(await definition()))];
    const late = files.filter(([, text]) => text.includes(trace)).map(([found]) => found);
    expect(late).toEqual([expect.stringMatching(name)]);
    const users = files.filter(([, text]) => text.includes(`${late[0]}"`)).map(([, text]) => text);
    expect(users).toEqual([expect.stringContaining(`import("./${late[0]}")`)]);
  });

  test("would have all of it without them", async () => {
    const { esbuild: { Alias: _, ...properties } = {}, ...relay } = await definition();
    const text = await wholeText({ ...relay, esbuild: properties });
    expect(TRACES.filter((trace) => !text.includes(trace))).toEqual([]);
  });
});
