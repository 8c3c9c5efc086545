import type { Config, JwtConfig } from "./config.ts";
import { isOrigin } from "./is-origin.ts";

type Variables = Readonly<Record<string, string | undefined>>;

/** Variables that mean nothing without an issuer. Whoever sets one believes that tokens are checked. */
const ISSUERS_OWN = ["JWT_AUDIENCE", "JWT_JWKS_URI", "JWT_CHANNELS_CLAIM"];

/** Reads the configuration from environment variables. Throws an error that names every one that is missing or wrong. */
export function readConfig(variables: Variables): Config {
  const problems: string[] = [];
  const config = {
    connectionsTable: read(variables, "CONNECTIONS_TABLE", problems),
    managementEndpoint: readUrl(variables, "AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI", problems),
    allowedOrigins: readOrigins(variables, problems),
    jwt: readJwt(variables, problems),
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
    for (const name of ISSUERS_OWN.filter((it) => optional(it) !== undefined)) {
      problems.push(`${name} needs JWT_ISSUER`);
    }
    return undefined;
  }
  return {
    issuer: readUrl(variables, "JWT_ISSUER", problems),
    audience: read(variables, "JWT_AUDIENCE", problems),
    jwksUri: optional("JWT_JWKS_URI") && readUrl(variables, "JWT_JWKS_URI", problems),
    userClaim: optional("JWT_USER_CLAIM") ?? "sub",
    channelsClaim: optional("JWT_CHANNELS_CLAIM"),
  };
}
