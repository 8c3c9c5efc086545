import { spawnSync } from "node:child_process";

/** The version of this machine's `python3`, for example `3.13`; undefined when there is none. */
export const PYTHON_VERSION = /^Python (3\.\d+)/.exec(
  spawnSync("python3", ["--version"], { encoding: "utf8" }).stdout ?? "",
)?.[1];

/** Whether a machine without Python fails the tests that need it, as in `.ci/run`, and does not just skip them. */
// biome-ignore lint/style/noProcessEnv: the environment is how .ci/run and a developer differ.
const PYTHON_IS_REQUIRED = process.env.REQUIRE_PYTHON === "1";

/** Tests that run Python, skipped where there is none. */
export const describeWithPython =
  PYTHON_VERSION === undefined && !PYTHON_IS_REQUIRED ? describe.skip : describe;

const HAS_BOTO3 = `import boto3
assert tuple(map(int, boto3.__version__.split(".")[:2])) >= (1, 28)`;

/**
 * A test that runs boto3, skipped where this machine's `python3` has none that knows the variables AWS_ENDPOINT_URL.
 *
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
 */
export const testWithBoto3 =
  spawnSync("python3", ["-c", HAS_BOTO3]).status === 0 ? test : test.skip;
