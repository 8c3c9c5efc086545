import { MAX_MESSAGE_BYTES } from "../../protocol/limits.ts";
import { RelayFailure } from "../domain/failures.ts";

/**
 * What the function needs to know of its surroundings. The AWS SDK finds its region, its credentials and DynamoDB's
 * endpoint in the environment by itself.
 */
export interface Config {
  readonly connectionsTable: string;
  /** The management API's URL, with the stage. */
  readonly managementEndpoint: string;
  /** The origins of the web pages that may connect; every page may if there is none. */
  readonly allowedOrigins: readonly string[];
  /** How users prove their identity; undefined if they need not. */
  readonly jwt: JwtConfig | undefined;
  /** Whether clients may send bare data to a connection id, which says nothing of its sender. */
  readonly rawForward: boolean;
  /** How many connections of one channel may ask who comes and goes; 0 switches presence off. */
  readonly presenceWatchers: number;
  /** The function's own name, by which it invokes itself, and which its metrics have. */
  readonly functionName: string;
  /** How many posts a second all messages to large groups together make. */
  readonly fanOutPerSecond: number;
  /** How many messages a connection may send a minute; 0 means that nothing is counted. */
  readonly messagesPerMinute: number;
  /** How long an envelope to a user or a channel may be, in bytes. */
  readonly groupMessageBytes: number;
  /** Where messages to channels are kept, and for how many hours; undefined if they are not. */
  readonly history: { readonly table: string; readonly hours: number } | undefined;
  /** Whether metrics are written. */
  readonly metrics: boolean;
}

/** Which tokens are valid, and what they say of their users. */
interface JwtConfig {
  readonly issuer: string;
  readonly audience: string;
  /** Where the issuer's keys are, if not where issuers usually have them. */
  readonly jwksUri: string | undefined;
  readonly userClaim: string;
  readonly channelsClaim: string | undefined;
}

/** The longest time that messages are kept, in hours. */
const MAX_HISTORY_HOURS = 168;

/** Reads the configuration from environment variables. Throws an error that names every missing or invalid one. */
export function readConfig(variables: Readonly<Record<string, string | undefined>>): Config {
  const reader = new Reader(variables);
  const hours = reader.wholeNumber("HISTORY_HOURS", 0, 0, MAX_HISTORY_HOURS);
  const config = {
    connectionsTable: reader.text("CONNECTIONS_TABLE"),
    managementEndpoint: reader.url("AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI"),
    allowedOrigins: reader.origins("ALLOWED_ORIGINS"),
    jwt: readJwt(reader),
    rawForward: reader.flag("RAW_FORWARD", true),
    presenceWatchers: reader.wholeNumber("PRESENCE_WATCHERS", 0, 0, 100),
    messagesPerMinute: reader.wholeNumber("MESSAGES_PER_MINUTE", 0, 0, Number.MAX_SAFE_INTEGER),
    groupMessageBytes: reader.wholeNumber(
      "GROUP_MESSAGE_BYTES",
      MAX_MESSAGE_BYTES,
      1,
      MAX_MESSAGE_BYTES,
    ),
    functionName: reader.text("AWS_LAMBDA_FUNCTION_NAME"),
    fanOutPerSecond: reader.wholeNumber("FAN_OUT_PER_SECOND", 2000, 50, 100_000),
    history: hours === 0 ? undefined : { table: reader.text("HISTORY_TABLE"), hours },
    metrics: reader.flag("METRICS", false),
  };
  if (reader.problems.length > 0) {
    const message = `The environment variables are not right: ${reader.problems.join(", ")}.`;
    throw new RelayFailure("INVALID_CONFIGURATION", message);
  }
  return config;
}

/** The claim that names the user, by default. */
const USER_CLAIM = "sub";
/** Variables that mean nothing without an issuer, with what the template sends by default. */
const ISSUER_SETTINGS: Readonly<Record<string, string | undefined>> = {
  JWT_AUDIENCE: undefined,
  JWT_JWKS_URI: undefined,
  JWT_USER_CLAIM: USER_CLAIM,
  JWT_CHANNELS_CLAIM: undefined,
};

function readJwt(reader: Reader): JwtConfig | undefined {
  if (reader.optional("JWT_ISSUER") !== undefined) {
    return {
      issuer: reader.url("JWT_ISSUER"),
      audience: reader.text("JWT_AUDIENCE"),
      jwksUri: reader.optional("JWT_JWKS_URI") && reader.url("JWT_JWKS_URI"),
      userClaim: reader.optional("JWT_USER_CLAIM") ?? USER_CLAIM,
      channelsClaim: reader.optional("JWT_CHANNELS_CLAIM"),
    };
  }
  // An operator who sets one of the others believes that tokens are checked.
  for (const [name, unset] of Object.entries(ISSUER_SETTINGS)) {
    if ((reader.optional(name) ?? unset) !== unset) {
      reader.problems.push(`${name} needs JWT_ISSUER`);
    }
  }
  return undefined;
}

/** Reads single variables, and collects what is wrong with them. An empty variable is an absent one. */
class Reader {
  readonly problems: string[] = [];
  readonly #variables: Readonly<Record<string, string | undefined>>;

  constructor(variables: Readonly<Record<string, string | undefined>>) {
    this.#variables = variables;
  }

  optional(name: string): string | undefined {
    return this.#variables[name] || undefined;
  }

  text(name: string): string {
    const value = this.optional(name);
    if (value === undefined) {
      this.problems.push(`${name} is missing`);
    }
    return value ?? "";
  }

  url(name: string): string {
    const value = this.text(name);
    if (value !== "" && !URL.canParse(value)) {
      this.problems.push(`${name} is not a valid URL`);
    }
    return value;
  }

  /** A flag, which is `unset` where the variable is absent. */
  flag(name: string, unset: boolean): boolean {
    const value = this.optional(name) ?? String(unset);
    if (value !== "true" && value !== "false") {
      this.problems.push(`${name} must be true or false`);
    }
    return value === "true";
  }

  /** A whole number from `least` to `most`, or `unset` where the variable is absent. */
  wholeNumber(name: string, unset: number, least: number, most: number): number {
    const value = this.optional(name) ?? String(unset);
    const number = Number(value);
    if (!/^\d+$/.test(value) || number < least || number > most) {
      this.problems.push(`${name} must be a whole number from ${least} to ${most}`);
    }
    return number;
  }

  /** Origins with commas between them. */
  origins(name: string): readonly string[] {
    const origins = (this.optional(name) ?? "")
      .split(",")
      .map((origin) => origin.trim())
      .filter((origin) => origin !== "");
    for (const origin of origins.filter((it) => !isOrigin(it))) {
      this.problems.push(`${name} has ${JSON.stringify(origin)}, which is not a valid origin`);
    }
    return origins;
  }
}

/** A scheme, a host and perhaps a port, in the small letters that browsers write them in, and no more. */
const ORIGIN = /^([a-z][a-z0-9+.-]*):\/\/[^/?#\s,*@A-Z]+$/;

/**
 * Whether a browser could send `value` as the origin of a page. Anything else in a list of origins (a path, a slash at
 * the end, a `*`, the default port of a scheme) would silently reject every page.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6454#section-6.2
 */
function isOrigin(value: string): boolean {
  const [, scheme] = ORIGIN.exec(value) ?? [];
  if (scheme === "http" || scheme === "https") {
    return URL.parse(value)?.origin === value;
  }
  // The origins of other schemes, which apps have, follow no common rule.
  return scheme !== undefined;
}
