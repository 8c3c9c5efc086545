import { hash } from "node:crypto";
import type { CanonicalHeaders, SignatureCoverage } from "./canonical-request.ts";

/** The services that requests are signed for, as the credential scope names them. */
export type SigningService = "execute-api" | "dynamodb" | "lambda";

/**
 * Why a request does not count as signed, in AWS's words. `errorType` is the name that SDKs know the error by. API
 * Gateway and Lambda send it with status 403, DynamoDB with 400.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html
 */
export interface SignatureRejection {
  readonly ok: false;
  readonly errorType:
    | "MissingAuthenticationTokenException"
    | "IncompleteSignatureException"
    | "UnrecognizedClientException"
    | "InvalidSignatureException";
  readonly message: string;
}

/** What a request says about its own signature. Nothing is verified yet; no required member is empty. */
export interface SignatureClaim extends SignatureCoverage {
  readonly algorithm: string;
  /** `accessKeyId/date/region/service/aws4_request`, not parsed yet: `readCredential` does. */
  readonly credential: string;
  /** In hexadecimal digits. */
  readonly signature: string;
  /** When the request was signed, in the sender's own format. */
  readonly date: string;
  readonly sessionToken: string | undefined;
}

/** A credential in its parts: the access key, and the scope that the signature is limited to. */
export interface Credential {
  readonly accessKeyId: string;
  /** Eight digits. */
  readonly date: string;
  readonly region: string;
  readonly service: string;
  readonly terminator: string;
}

/** What the scope of a credential has to be. */
interface ExpectedScope {
  readonly region: string;
  readonly service: SigningService;
  /** When the request was signed, `20260715T090000Z`. */
  readonly signedAt: string;
}

const TERMINATOR = "aws4_request";

const MISSING: Readonly<Record<SigningService, string>> = {
  "execute-api": "Missing Authentication Token",
  dynamodb: "Request is missing Authentication Token",
  lambda: "Missing Authentication Token",
};

/**
 * Finds the signature of a request, in its Authorization header or in its query string; a request with both is rejected.
 * For DynamoDB an Authorization header with another scheme does not count as a signature, for the other services as a broken one.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-authentication-methods.html
 */
export function readClaim(
  url: string,
  headers: CanonicalHeaders,
  service: SigningService,
): { readonly ok: true; readonly claim: SignatureClaim } | SignatureRejection {
  const authorization = headers.get("authorization");
  const query = presignedQuery(url);
  if (authorization && query) {
    return reject(
      "InvalidSignatureException",
      "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.",
    );
  }
  if (query) {
    return readPresignedQuery(query);
  }
  if (!authorization || (service === "dynamodb" && !authorization.startsWith("AWS4-"))) {
    return reject("MissingAuthenticationTokenException", MISSING[service]);
  }
  return readAuthorizationHeader(authorization, headers);
}

/**
 * Parses a credential, `accessKeyId/date/region/service/aws4_request`, and checks that its scope is the expected one.
 * AWS lists everything that is wrong, with a space after each sentence, the last one too.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html
 */
export function readCredential(
  text: string,
  expected: ExpectedScope,
): { readonly ok: true; readonly credential: Credential } | SignatureRejection {
  const elements = text.split("/");
  const [accessKeyId = "", date = "", region = "", service = "", terminator = ""] = elements;
  if (elements.length !== 5) {
    return reject(
      "IncompleteSignatureException",
      `Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '${text}'`,
    );
  }
  const day = expected.signedAt.slice(0, 8);
  let message = "";
  if (region !== expected.region) {
    message += `Credential should be scoped to a valid region, not '${region}'. `;
  }
  if (service !== expected.service) {
    message += `Credential should be scoped to correct service: '${expected.service}'. `;
  }
  if (terminator !== TERMINATOR) {
    message += `Credential should be scoped with a valid terminator: '${TERMINATOR}', not '${terminator}'. `;
  }
  if (date !== day) {
    message += `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${date}' != '${day}', from '${expected.signedAt}'. `;
  }
  return message === ""
    ? { ok: true, credential: { accessKeyId, date, region, service, terminator } }
    : reject("InvalidSignatureException", message);
}

/** Rejects a signature with an error of AWS. */
export function reject(
  errorType: SignatureRejection["errorType"],
  message: string,
): SignatureRejection {
  return { ok: false, errorType, message };
}

/** The parameters of a presigned URL; undefined for any other URL. */
function presignedQuery(url: string): URLSearchParams | undefined {
  if (!url.includes("X-Amz-Algorithm")) {
    return;
  }
  const query = new URLSearchParams(url.slice(url.indexOf("?") + 1));
  return query.has("X-Amz-Algorithm") ? query : undefined;
}

/**
 * Reads `X-Amz-Algorithm=…&X-Amz-Credential=…`. `X-Amz-Expires` is ignored: outside of S3 a presigned URL expires as
 * fast as a signed header does.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-authentication-methods.html and
 *   https://github.com/aws/aws-sdk-go/pull/2224
 */
function readPresignedQuery(query: URLSearchParams): ReturnType<typeof readClaim> {
  const algorithm = query.get("X-Amz-Algorithm");
  const credential = query.get("X-Amz-Credential");
  const signature = query.get("X-Amz-Signature");
  const signedHeaders = query.get("X-Amz-SignedHeaders");
  const date = query.get("X-Amz-Date");
  if (!algorithm || !credential || !signature || !signedHeaders || !date) {
    const missing = Object.entries({
      "X-Amz-Algorithm": algorithm,
      "X-Amz-Credential": credential,
      "X-Amz-Signature": signature,
      "X-Amz-SignedHeaders": signedHeaders,
      "X-Amz-Date": date,
    })
      .filter(([, value]) => !value)
      .map(([name]) => `AWS query-string parameters must include '${name}'. `);
    return reject(
      "IncompleteSignatureException",
      `${missing.join("")}Re-examine the query-string parameters.`,
    );
  }
  const sessionToken = query.get("X-Amz-Security-Token") ?? undefined;
  const claim = { algorithm, credential, signedHeaders, signature, date, sessionToken };
  return { ok: true, claim: { ...claim, presigned: true } };
}

/**
 * Reads `AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…` and the headers that belong to it. AWS lists
 * everything that is missing, and shows only a hash of the header, which may hold a secret of another kind.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-authentication-methods.html
 */
function readAuthorizationHeader(
  authorization: string,
  headers: CanonicalHeaders,
): ReturnType<typeof readClaim> {
  const [algorithm = "", ...pairs] = authorization.split(/[, ]+/);
  const parameters = new Map<string, string>();
  for (const pair of pairs) {
    const equals = pair.indexOf("=");
    if (equals === -1) {
      const shown = hash("sha256", authorization, "base64");
      return reject(
        "IncompleteSignatureException",
        `Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded with Base64): '${shown}'.`,
      );
    }
    parameters.set(pair.slice(0, equals), pair.slice(equals + 1));
  }
  const credential = parameters.get("Credential");
  const signature = parameters.get("Signature");
  const signedHeaders = parameters.get("SignedHeaders");
  const date = headers.get("x-amz-date") || headers.get("date");
  if (!credential || !signature || !signedHeaders || !date) {
    const missing = Object.entries({
      Credential: credential,
      Signature: signature,
      SignedHeaders: signedHeaders,
    })
      .filter(([, value]) => !value)
      .map(([name]) => `Authorization header requires '${name}' parameter. `);
    if (!date) {
      missing.push(
        "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ",
      );
    }
    const shown = hash("sha256", authorization, "base64");
    return reject(
      "IncompleteSignatureException",
      `${missing.join("")}(Hashed with SHA-256 and encoded with Base64) Authorization=${shown}`,
    );
  }
  const sessionToken = headers.get("x-amz-security-token");
  const claim = { algorithm, credential, signedHeaders, signature, date, sessionToken };
  return { ok: true, claim: { ...claim, presigned: false } };
}
