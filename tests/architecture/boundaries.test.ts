import { execFile } from "node:child_process";
import {
  copyFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  symlink,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";

const PROJECT = resolve(import.meta.dirname, "../..");
const LAYERS = ["src", "protocol", "client", "demo", "local-gateway", "conformance", "bench"];

interface Report {
  readonly modules: readonly { readonly source: string }[];
  readonly summary: {
    readonly violations: readonly { readonly rule: { readonly name: string } }[];
  };
}

/** The report of dependency-cruiser on the layers in `folder`, by the project's own rules. */
async function cruise(folder: string, layers: readonly string[]): Promise<Report> {
  const cruiser = join(PROJECT, "node_modules/dependency-cruiser/bin/dependency-cruiser.mjs");
  const rules = ["--config", join(PROJECT, ".dependency-cruiser.mjs"), "--output-type", "json"];
  const { stdout } = await promisify(execFile)(process.execPath, [cruiser, ...rules, ...layers], {
    cwd: folder,
    maxBuffer: 64 * 1024 * 1024,
  });
  return JSON.parse(stdout);
}

test("the boundary check sees every module of the project", async () => {
  const files = await Promise.all(
    LAYERS.map((layer) => readdir(join(PROJECT, layer), { recursive: true, withFileTypes: true })),
  );
  const expected = files
    .flat()
    .filter((file) => file.isFile() && /\.tsx?$/.test(file.name))
    .map((file) => relative(PROJECT, join(file.parentPath, file.name)))
    // What a package was built to.
    .filter((file) => !/^[\w-]+\/dist\//.test(file));
  const { modules } = await cruise(PROJECT, LAYERS);
  expect(modules.map(({ source }) => source)).toEqual(expect.arrayContaining(expected));
}, 30_000);

test("docs/architecture.md lists the layers of the local gateway in the order of the rules", async () => {
  const file = pathToFileURL(join(PROJECT, ".dependency-cruiser.mjs")).href;
  const { default: rules } = await import(file);
  const folders = rules.forbidden
    .filter(({ name }: { name: string }) => name === "local-gateway-layers-know-those-below")
    .flatMap(
      ({ from }: { from: { path: string } }) =>
        /^\^local-gateway\/([a-z\d-]+)\/$/.exec(from.path)?.[1] ?? [],
    );
  const page = await readFile(join(PROJECT, "docs/architecture.md"), "utf8");
  const [, table = ""] = /^\| Layer \| What the layers above.*\n((?:\|.*\n)*)/m.exec(page) ?? [];
  const documented = [...table.matchAll(/`([a-z\d-]+)\/`/g)].map(([, folder]) => folder);
  expect(folders).not.toEqual([]);
  expect(documented).toEqual(folders);
});

describe("the boundary check reports", () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "boundaries-"));
    await symlink(join(PROJECT, "node_modules"), join(folder, "node_modules"));
    await copyFile(join(PROJECT, "tsconfig.json"), join(folder, "tsconfig.json"));
  });

  afterEach(() => rm(folder, { recursive: true }));

  async function write(file: string, text: string): Promise<void> {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), text);
  }

  test.each([
    [
      "a type of AWS in the domain",
      "src/domain/x.ts",
      'import type { Context } from "aws-lambda";',
      "domain-imports-itself-and-the-protocol",
    ],
    [
      "a package in the domain",
      "src/domain/x.ts",
      'import middy from "@middy/core";',
      "domain-imports-itself-and-the-protocol",
    ],
    [
      "a Node module in the domain",
      "src/domain/x.ts",
      'import { createHash } from "node:crypto";',
      "domain-imports-itself-and-the-protocol",
    ],
    [
      "an adapter in the domain",
      "src/domain/x.ts",
      'import { y } from "../adapters/y.ts";',
      "domain-imports-itself-and-the-protocol",
    ],
    [
      "an adapter in another adapter",
      "src/adapters/x.ts",
      'import { y } from "./y.ts";',
      "adapters-import-domain-and-their-sdk",
    ],
    [
      "a part of another adapter in an adapter",
      "src/adapters/x.ts",
      'import { z } from "./y/z.ts";',
      "adapters-import-domain-and-their-sdk",
    ],
    [
      "an adapter in a route",
      "src/app/x.ts",
      'import { y } from "../adapters/y.ts";',
      "app-imports-domain-adapters-and-middy",
    ],
    [
      "tsyringe in a route",
      "src/app/x.ts",
      'import { container } from "tsyringe";',
      "app-imports-domain-adapters-and-middy",
    ],
    [
      "the environment outside the entry",
      "src/app/x.ts",
      'import { env } from "node:process";',
      "only-the-entry-reads-the-environment",
    ],
    [
      "a package in the composition root",
      "src/app/container.ts",
      'import middy from "@middy/core";',
      "only-the-container-knows-adapters-and-tsyringe",
    ],
    [
      "anything in the protocol",
      "protocol/x.ts",
      'import { z } from "../src/domain/z.ts";',
      "protocol-is-a-leaf",
    ],
    [
      "a layer of the local gateway in one below",
      "local-gateway/template/x.ts",
      'import { y } from "../lambda/y.ts";',
      "local-gateway-layers-know-those-below",
    ],
    [
      "the API of API Gateway in the API of Lambda",
      "local-gateway/lambda-api/x.ts",
      'import { y } from "../api-gateway/y.ts";',
      "local-gateway-layers-know-those-below",
    ],
    [
      "the recordings of tests in the command line",
      "local-gateway/cli.ts",
      'import { y } from "./start-local-gateway.ts";',
      "the-command-lines-record-nothing",
    ],
    [
      "a folder of the local gateway without a layer",
      "local-gateway/queues/x.ts",
      'import { z } from "../ids.ts";',
      "every-module-of-the-local-gateway-has-a-layer",
    ],
    [
      "the inside of the client in the page",
      "demo/x.ts",
      'import { z } from "../client/z.ts";',
      "the-page-uses-the-client-as-everyone-does",
    ],
    [
      "the inside of the local gateway in a benchmark",
      "bench/x.ts",
      'import { z } from "../local-gateway/ids.ts";',
      "benchmarks-watch-from-outside",
    ],
    [
      "an adapter in the simulation of a large channel",
      "bench/simulation/x.ts",
      'import { y } from "../../src/adapters/y.ts";',
      "the-simulation-runs-the-domain",
    ],
    [
      "the domain in any other benchmark",
      "bench/x.ts",
      'import { z } from "../src/domain/z.ts";',
      "benchmarks-watch-from-outside",
    ],
    [
      "a test in what runs",
      "scripts/x.mjs",
      'import { y } from "../tests/y.ts";',
      "nothing-imports-tests",
    ],
    ["a circle", "src/domain/z.ts", 'import { z } from "./z.ts";', "no-circles"],
    [
      "an import that leads nowhere",
      "scripts/x.mjs",
      'import { nowhere } from "./nowhere.ts";',
      "everything-resolves",
    ],
    [
      "the relay in the local gateway",
      "local-gateway/http.ts",
      'import { y } from "../src/adapters/y.ts";',
      "local-gateway-knows-nothing-of-the-relay",
    ],
    [
      "a Node module in the client",
      "client/x.ts",
      'import { once } from "node:events";',
      "client-imports-itself-and-the-protocol",
    ],
    [
      "the inside of the local gateway in the conformance program",
      "conformance/x.ts",
      'import { z } from "../local-gateway/ids.ts";',
      "conformance-asks-from-outside",
    ],
    [
      "the conformance program in its own application",
      "conformance/app/x.ts",
      'import { z } from "../z.ts";',
      "the-probe-application-stands-alone",
    ],
  ])("%s", async (_, file, line, rule) => {
    await write("src/adapters/y.ts", "export const y = 1;\n");
    await write("src/adapters/y/z.ts", "export const z = 1;\n");
    await write("src/domain/z.ts", "export const z = 1;\n");
    await write("protocol/z.ts", "export const z = 1;\n");
    await write("demo/z.ts", "export const z = 1;\n");
    await write("client/z.ts", "export const z = 1;\n");
    await write("local-gateway/ids.ts", "export const z = 1;\n");
    await write("local-gateway/lambda/y.ts", "export const y = 1;\n");
    await write("local-gateway/testing/y.ts", "export const y = 1;\n");
    await write("local-gateway/start-local-gateway.ts", 'export { y } from "./testing/y.ts";\n');
    await write("local-gateway/api-gateway/y.ts", "export const y = 1;\n");
    await write("conformance/z.ts", "export const z = 1;\n");
    await write("bench/z.ts", "export const z = 1;\n");
    await write("tests/y.ts", "export const y = 1;\n");
    await write(file, `${line}\n`);
    const [layer = ""] = file.split("/");
    const { summary } = await cruise(folder, [...new Set([...LAYERS, layer])]);
    expect(summary.violations.map((violation) => violation.rule.name)).toEqual([rule]);
  });
});
