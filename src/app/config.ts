/**
 * What the function needs to know of its surroundings. Its region, its credentials and DynamoDB's endpoint the AWS SDK
 * finds in the environment by itself.
 */
export interface Config {
  readonly connectionsTable: string;
  /** The management API's URL, with the stage. */
  readonly managementEndpoint: string;
  /** The origins of the web pages that may connect; every page may if there is none. */
  readonly allowedOrigins: readonly string[];
  /** How users prove who they are; undefined if they need not. */
  readonly jwt: JwtConfig | undefined;
  /** Whether clients may send bare data to a connection id, which says nothing of its sender. */
  readonly rawForward: boolean;
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

type Variables = Readonly<Record<string, string | undefined>>;

/** The claim that names the user, where nothing else is said. */
const USER_CLAIM = "sub";

/**
 * Variables that mean nothing without an issuer, with what the template sends where nobody has set them. Whoever sets one
 * believes that tokens are checked.
 */
const ISSUERS_OWN: Readonly<Record<string, string>> = {
  JWT_AUDIENCE: "",
  JWT_JWKS_URI: "",
  JWT_USER_CLAIM: USER_CLAIM,
  JWT_CHANNELS_CLAIM: "",
};

/** Reads the configuration from environment variables. Throws an error that names every one that is missing or wrong. */
export function readConfig(variables: Variables): Config {
  const problems: string[] = [];
  const config = {
    connectionsTable: read(variables, "CONNECTIONS_TABLE", problems),
    managementEndpoint: readUrl(variables, "AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI", problems),
    allowedOrigins: readOrigins(variables, problems),
    jwt: readJwt(variables, problems),
    rawForward: readSwitch(variables, "RAW_FORWARD", problems),
  };
  if (problems.length > 0) {
    throw new Error(`The environment variables are not right: ${problems.join(", ")}.`);
  }
  return config;
}

function read(variables: Variables, name: string, problems: string[]): string {
  const value = variables[name] ?? "";
  if (value === "") {
    problems.push(`${name} is missing`);
  }
  return value;
}

function readUrl(variables: Variables, name: string, problems: string[]): string {
  const value = read(variables, name, problems);
  if (value !== "" && !URL.canParse(value)) {
    problems.push(`${name} is no URL`);
  }
  return value;
}

/** A switch that is on unless it is set to `false`. */
function readSwitch(variables: Variables, name: string, problems: string[]): boolean {
  const value = variables[name] || "true";
  if (value !== "true" && value !== "false") {
    problems.push(`${name} must be true or false`);
  }
  return value !== "false";
}

function readOrigins({ ALLOWED_ORIGINS = "" }: Variables, problems: string[]): readonly string[] {
  const origins = ALLOWED_ORIGINS.split(",")
    .map((origin) => origin.trim())
    .filter((origin) => origin !== "");
  for (const origin of origins.filter((it) => !isOrigin(it))) {
    problems.push(`ALLOWED_ORIGINS has ${JSON.stringify(origin)}, which is no origin`);
  }
  return origins;
}

function readJwt(variables: Variables, problems: string[]): JwtConfig | undefined {
  const optional = (name: string) => variables[name] || undefined;
  if (optional("JWT_ISSUER") === undefined) {
    for (const [name, unset] of Object.entries(ISSUERS_OWN)) {
      if ((optional(name) ?? unset) !== unset) {
        problems.push(`${name} needs JWT_ISSUER`);
      }
    }
    return undefined;
  }
  return {
    issuer: readUrl(variables, "JWT_ISSUER", problems),
    audience: read(variables, "JWT_AUDIENCE", problems),
    jwksUri: optional("JWT_JWKS_URI") && readUrl(variables, "JWT_JWKS_URI", problems),
    userClaim: optional("JWT_USER_CLAIM") ?? USER_CLAIM,
    channelsClaim: optional("JWT_CHANNELS_CLAIM"),
  };
}

/** A scheme, a host and perhaps a port, in the small letters that browsers write them in, and no more. */
const ORIGIN = /^([a-z][a-z0-9+.-]*):\/\/[^/?#\s,*@A-Z]+$/;

/**
 * Whether a browser could send `value` as the origin of a page. Anything else in a list of origins (a path, a slash at
 * the end, a `*`, the port that a scheme has anyway) would let nobody in, and that without a word.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6454#section-6.2
 */
export function isOrigin(value: string): boolean {
  const [, scheme] = ORIGIN.exec(value) ?? [];
  if (scheme === "http" || scheme === "https") {
    return URL.parse(value)?.origin === value;
  }
  // Of other schemes, which apps have, nobody but their browser knows what an origin is.
  return scheme !== undefined;
}
