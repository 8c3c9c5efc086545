import { parseArgs } from "node:util";
import type { ApplicationName } from "./application-name.ts";

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
  readonly patience: number;
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
  patience: { type: "string", default: "10" },
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
    patience: positive("--patience", values.patience),
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
