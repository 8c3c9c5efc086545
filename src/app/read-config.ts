import type { Config, JwtConfig } from "./config.ts";
import { isOrigin } from "./is-origin.ts";

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
