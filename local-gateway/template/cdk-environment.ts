import { readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { isRecord } from "./values.ts";

/** The account and the region that CDK synthesised a stack for; each is absent when the stack may be in any. */
export interface CdkEnvironment {
  readonly accountId?: string;
  readonly region?: string;
}

/** As in `aws://111122223333/eu-west-1`, with `unknown-account` and `unknown-region` for what is left open. */
const ENVIRONMENT =
  /^aws:\/\/(?:(?<accountId>\d{12})|[^/]+)\/(?:unknown-region|(?<region>[\w-]+))$/;

/**
 * Reads the environment of a stack from the manifest that `cdk synth` writes next to its template. CDK writes both into
 * the template in place of the pseudo parameters. Nothing is known of a template without such a manifest.
 *
 * @see https://docs.aws.amazon.com/cdk/v2/guide/environments.html
 */
export async function readCdkEnvironment(file: string): Promise<CdkEnvironment> {
  const manifest = await readManifest(join(dirname(file), "manifest.json"));
  const artifacts = isRecord(manifest) && isRecord(manifest.artifacts) ? manifest.artifacts : {};
  // The template of a nested stack has the name of its own stack in front of its own.
  const [stack] = Object.values(artifacts)
    .filter(isRecord)
    .map(({ environment, properties }) => {
      const { templateFile } = isRecord(properties) ? properties : {};
      return { environment, name: basename(String(templateFile), ".template.json") };
    })
    .filter(({ name }) => basename(file).startsWith(name))
    .sort((one, other) => other.name.length - one.name.length);
  return { ...ENVIRONMENT.exec(String(stack?.environment))?.groups };
}

async function readManifest(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, "utf8"));
  } catch {
    // Most templates have none, and a manifest.json of something else is not ours to judge.
    return undefined;
  }
}
