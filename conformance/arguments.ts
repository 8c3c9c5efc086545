import { parseArgs } from "node:util";
import type { ApplicationName } from "./target.ts";

/** The command line, understood. */
export interface Arguments {
  /** By application; empty when local gateways are to be started. */
  readonly urls: Readonly<Partial<Record<ApplicationName, string>>>;
  readonly managementUrl?: string;
  readonly region?: string;
  /** The ids of the rows to examine; all when absent. */
  readonly only?: readonly string[];
  readonly skipSlow: boolean;
  /** In seconds. */
  readonly timeout: number;
  readonly concurrency: number;
  readonly help: boolean;
}

const OPTIONS = {
  url: { type: "string" },
  management: { type: "string" },
  "bare-url": { type: "string" },
  "authorizer-url": { type: "string" },
  "iam-url": { type: "string" },
  "throttled-url": { type: "string" },
  region: { type: "string" },
  only: { type: "string" },
  "skip-slow": { type: "boolean", default: false },
  timeout: { type: "string", default: "10" },
  concurrency: { type: "string", default: "6" },
  help: { type: "boolean", default: false },
} as const;

/** Reads the command line. Throws with one sentence for the user when an option or a value is wrong. */
export function parseArguments(args: readonly string[]): Arguments {
  const { values } = parseArgs({ args: [...args], options: OPTIONS });
  const urls: Partial<Record<ApplicationName, string>> = {};
  for (const [name, option] of [
    ["probe", "url"],
    ["bare", "bare-url"],
    ["authorizer", "authorizer-url"],
    ["iam", "iam-url"],
    ["throttled", "throttled-url"],
  ] as const) {
    const url = urlOf(`--${option}`, values[option], ["ws:", "wss:"]);
    if (url !== undefined) {
      urls[name] = url;
    }
  }
  const given = urlOf("--management", values.management, ["http:", "https:"]);
  const managementUrl = given ?? urls.probe?.replace(/^ws/, "http");
  return {
    urls,
    ...(managementUrl !== undefined && { managementUrl }),
    ...(values.region !== undefined && { region: values.region }),
    ...(values.only !== undefined && { only: values.only.split(",") }),
    skipSlow: values["skip-slow"],
    timeout: positive("--timeout", values.timeout),
    concurrency: Math.ceil(positive("--concurrency", values.concurrency)),
    help: values.help,
  };
}

function urlOf(option: string, text: string | undefined, protocols: readonly string[]) {
  if (text === undefined) {
    return;
  }
  if (!URL.canParse(text) || !protocols.includes(new URL(text).protocol)) {
    throw new Error(`${option} takes a URL with ${protocols.join(" or ")}, not "${text}".`);
  }
  return text.replace(/\/+$/, "");
}

function positive(option: string, text: string): number {
  const number = Number(text);
  if (number > 0 && Number.isFinite(number)) {
    return number;
  }
  throw new Error(`${option} takes a number above 0, not "${text}".`);
}

/** What `--help` prints. */
export const USAGE = `Examines a gateway: is it what docs/api-gateway.md says of API Gateway?

  npm run conformance -- [options]

Without --url it starts local gateways of its own.

  --url URL             where the application of conformance/template.yaml is deployed
  --management URL      the endpoint of its management API; the same with https:// when absent
  --bare-url URL        where conformance/bare.yaml is deployed
  --authorizer-url URL  where conformance/authorizer.yaml is deployed
  --iam-url URL         where conformance/iam.yaml is deployed
  --throttled-url URL   where conformance/throttled.yaml is deployed
  --region REGION       AWS_REGION when absent, then us-east-1
  --only ID,ID          these rows only
  --skip-slow           leave out what takes minutes on AWS
  --timeout S           how many seconds to wait for anything that should happen at once (10)
  --concurrency N       how many rows are examined at the same time (6)
  --help

Requests are signed with AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, or with local / local
where they are not set.`;
