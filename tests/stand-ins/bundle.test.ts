import { mkdtemp, readFile, rm } from "node:fs/promises";
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
  "node:process",
  "node:stream/web",
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

/** The text of the bundle that a definition is built into. */
async function bundle(relay: FunctionDefinition): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "stand-ins-"));
  try {
    await buildFunction(relay, directory);
    return await readFile(join(directory, "handler.mjs"), "utf8");
  } finally {
    await rm(directory, { recursive: true });
  }
}

describe("the built function", () => {
  test("has nothing in it of what the stand-ins replace", async () => {
    const text = await bundle(await definition());
    expect(TRACES.filter((trace) => text.includes(trace))).toEqual([]);
  });

  test("loads node:http, and with it Node's WebSocket client, only when it is needed", async () => {
    const text = await bundle(await definition());
    expect(text).toContain('import("node:http")');
    expect(text).not.toMatch(/(from|import) ?"(node:)?http"/);
  });

  test("would have all of it without them", async () => {
    const { esbuild: { Alias: _, ...properties } = {}, ...relay } = await definition();
    const text = await bundle({ ...relay, esbuild: properties });
    expect(TRACES.filter((trace) => !text.includes(trace))).toEqual([]);
  });
});
