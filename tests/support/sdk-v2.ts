import { cp, mkdtemp, rm, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { installPackages } from "./install-packages.ts";

const MANIFEST = join(import.meta.dirname, "fixtures", "aws-sdk-v2");

/** Installs version 2 of the AWS SDK outside the project, and resolves with the `node_modules` folder that has it. */
export async function installSdkV2(): Promise<string> {
  return join(await installPackages(MANIFEST, ["--ignore-scripts"]), "node_modules");
}

/** Copies an application to where its functions find version 2 of the SDK; disposing removes the copy. */
export async function copyWithSdkV2(application: string) {
  const sdk = await installSdkV2();
  const folder = await mkdtemp(join(tmpdir(), "with-sdk-v2-"));
  await cp(application, folder, { recursive: true });
  await symlink(sdk, join(folder, "node_modules"), "junction");
  return {
    template: join(folder, "template.yaml"),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}

/** One of its clients. It has no types here: `T` is what the caller needs of it. */
export async function loadSdkV2<T>(client: "dynamodb" | "lambda"): Promise<T> {
  // biome-ignore lint/style/noProcessEnv: the SDK reads it, and would write about its successor otherwise.
  process.env.AWS_SDK_JS_SUPPRESS_MAINTENANCE_MODE_MESSAGE = "1";
  const sdk = await installSdkV2();
  return createRequire(join(sdk, "index.js"))(`aws-sdk/clients/${client}.js`);
}
