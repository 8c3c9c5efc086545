import { createFork } from "./fork.ts";

/** Building the function takes a second, on a busy machine a few. */
const TIMEOUT = 60_000;

let fork: Awaited<ReturnType<typeof createFork>>;

beforeAll(async () => {
  fork = await createFork();
}, TIMEOUT);

afterAll(() => fork[Symbol.asyncDispose]());

/** A module of Node's, an export of it, and what a call of that export gives. */
const NODE_MODULES: readonly [module: string, name: string, call: string, value: unknown][] = [
  ["buffer", "btoa", "call('hi')", "aGk="],
  ["child_process", "execFileSync", "String(call(process.execPath, ['-p', '1']))", "1\n"],
  ["crypto", "createHash", "call('md5').update('').digest('base64')", "1B2M2Y8AsgTpgAmY7PhCfg=="],
  ["events", "once", "call.length", 2],
  ["fs", "readFileSync", "call(path, 'utf8')", "some bytes"],
  ["fs", "existsSync", "call(path)", true],
  ["fs/promises", "readFile", "await call(path, 'utf8')", "some bytes"],
  ["http", "createServer", "call().listening", false],
  ["os", "cpus", "call().length > 0", true],
  ["path", "basename", "call(path)", "some-bytes.txt"],
  ["process", "cwd", "call() === process.cwd()", true],
  ["stream", "Readable", "await call.from([1, 2]).toArray()", [1, 2]],
  [
    "stream/promises",
    "pipeline",
    "await call([1], async (all) => (await Array.fromAsync(all))[0])",
    1,
  ],
  ["stream/web", "ReadableStream", "new Response('').body instanceof call", true],
  ["timers", "setTimeout", "await new Promise((resolve) => call(resolve, 1, 'rang'))", "rang"],
  ["timers/promises", "setTimeout", "await call(1, 'rang')", "rang"],
  ["url", "fileURLToPath", "typeof call(import.meta.url)", "string"],
  ["util", "inspect", "call({ a: 1 })", "{ a: 1 }"],
  ["zlib", "gunzipSync", "String(call(one.gzipSync('hi')))", "hi"],
];

test.each(NODE_MODULES)(
  "a fork may import node:%s: %s by its name, in its namespace and from its default",
  async (module, name, call, value) => {
    const source = `
import { ${name} as named } from "node:${module}";
import * as all from "node:${module}";
import one from "node:${module}";

export const addition = async (path) => {
  const values = [];
  for (const call of [named, all.${name}, one.${name}]) {
    values.push(${call});
  }
  return values;
};
`;
    await expect(fork.run(source)).resolves.toEqual([value, value, value]);
  },
  TIMEOUT,
);

/** Each is what somebody's own code might do, and what it gives. */
const ADDITIONS: readonly [what: string, source: string, value: unknown][] = [
  [
    "read a file with the module's prefix left out",
    `import fs from "fs";
     export const addition = (path) => fs.readFileSync(path, "utf8");`,
    "some bytes",
  ],
  [
    "make a require of its own",
    `import { createRequire } from "node:module";
     const require = createRequire(import.meta.url);
     export const addition = (path) => require("node:fs").readFileSync(path, "utf8");`,
    "some bytes",
  ],
  [
    "use the client of S3",
    `import { S3Client } from "@aws-sdk/client-s3";
     export const addition = async () => {
       const { config } = new S3Client();
       const { accessKeyId } = await config.credentials();
       return { region: await config.region(), accessKeyId };
     };`,
    { region: "eu-west-1", accessKeyId: "local" },
  ],
  [
    "use the client of SQS",
    `import { SQSClient } from "@aws-sdk/client-sqs";
     export const addition = () => new SQSClient({ region: "us-west-2" }).config.region();`,
    "us-west-2",
  ],
  [
    "use a CommonJS package that requires modules of Node's",
    `import Redis from "ioredis";
     export const addition = () => {
       const { host, port } = new Redis(7, "redis.internal", { lazyConnect: true }).options;
       return { host, port };
     };`,
    { host: "redis.internal", port: 7 },
  ],
  [
    "parse with zod",
    `import * as z from "zod";
     export const addition = () => z.object({ n: z.coerce.number() }).parse({ n: "4", more: 1 });`,
    { n: 4 },
  ],
  [
    "log with Powertools",
    `import { Logger } from "@aws-lambda-powertools/logger";
     export const addition = () => {
       const lines = [];
       const logger = new Logger({ serviceName: "fork" });
       logger.console.info = (line) => {
         const { level, message, service } = JSON.parse(line);
         lines.push([level, message, service].join(" "));
       };
       logger.info("hello");
       return lines;
     };`,
    ["INFO hello fork"],
  ],
];

test.each(ADDITIONS)(
  "a fork may %s",
  async (_, source, value) => {
    await expect(fork.run(source)).resolves.toEqual(value);
  },
  TIMEOUT,
);

test(
  "a fork may use decorators with reflect-metadata, and tsyringe's own",
  async () => {
    const tsconfig = JSON.stringify({ compilerOptions: { experimentalDecorators: true } });
    const source = `
import "reflect-metadata";
import { container, inject, injectable } from "tsyringe";

@Reflect.metadata("role", "greeter")
@injectable()
class Greeter {
  constructor(@inject("name") private readonly name: string) {}
  greet() { return "Hello, " + this.name + "!"; }
}

export const addition = () => {
  container.register("name", { useValue: "fork" });
  return [Reflect.getMetadata("role", Greeter), container.resolve(Greeter).greet()];
};
`;
    await expect(fork.run(source, { "tsconfig.json": tsconfig })).resolves.toEqual([
      "greeter",
      "Hello, fork!",
    ]);
  },
  TIMEOUT,
);
