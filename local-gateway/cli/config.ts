import { readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { types } from "node:util";
import { LocalGatewayError } from "../errors.ts";
import { readFaultSettings } from "../faults/settings.ts";
import { nearestFolder } from "../lambda/nearest-folder.ts";
import {
  checkValues,
  invalidValue,
  isRecord,
  type LocalGatewayOptions,
  OPTIONS,
} from "../options.ts";

/** The options that a project's package.json may have. */
export type ConfigOptions = Partial<Omit<LocalGatewayOptions, "onLine" | "colours">>;

/** The member of package.json that has them. */
const SECTION = "websocket-api-local";

const FILE = "package.json";

/**
 * The options that the project of `folder` shares: those in the nearest package.json upwards, none when it has none. Paths
 * in it are relative to that package.json; the result has them relative to `folder`.
 *
 * Throws `INVALID_OPTION` when one is unknown or has an invalid value, and `CONFIG_UNREADABLE` when the package.json cannot
 * be read.
 */
export function readConfig(folder: string): ConfigOptions {
  const home = nearestFolder(folder, FILE);
  if (home === undefined) {
    return {};
  }
  const name = relative(folder, join(home, FILE));
  const section = readSection(join(home, FILE), name);
  if (section === undefined) {
    return {};
  }
  try {
    return toOptions(section, (path) => relative(folder, resolve(home, path)));
  } catch (cause) {
    if (cause instanceof LocalGatewayError) {
      throw new LocalGatewayError(cause.code, `${name}, "${SECTION}": ${cause.message}`, { cause });
    }
    throw cause;
  }
}

function readSection(file: string, name: string): unknown {
  try {
    // Some editors of Windows write a byte order mark, which npm accepts as well.
    const text = readFileSync(file, "utf8").replace(/^\uFEFF/, "");
    const manifest: unknown = JSON.parse(text);
    return isRecord(manifest) ? Reflect.get(manifest, SECTION) : undefined;
  } catch (cause) {
    const reason = types.isNativeError(cause) ? cause.message : String(cause);
    const sentence = `${name} cannot be read: ${reason}`;
    throw new LocalGatewayError("CONFIG_UNREADABLE", sentence, { cause });
  }
}

function toOptions(section: unknown, fromHome: (path: string) => string): ConfigOptions {
  if (!isRecord(section)) {
    throw invalidValue("It", "an object with options", section);
  }
  const { onLine: _function, colours: _terminal, ...table } = OPTIONS;
  checkValues(table, section);
  const options: ConfigOptions = section;
  const { template, staticDirectory, envVars, faults } = options;
  if (faults) {
    readFaultSettings(faults);
  }
  return {
    ...options,
    ...(template !== undefined && { template: fromHome(template) }),
    ...(staticDirectory !== undefined && { staticDirectory: fromHome(staticDirectory) }),
    ...(envVars !== undefined && { envVars: fromHome(envVars) }),
  };
}
