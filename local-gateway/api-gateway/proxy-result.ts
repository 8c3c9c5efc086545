/** What a function behind a proxy integration answers. */
export interface ProxyResult {
  /** 100 to 599. */
  readonly statusCode: number;
  readonly body?: string;
  /** Header values by name as the function spelled it; single ones are lists of one. */
  readonly headers: readonly (readonly [name: string, values: readonly string[]])[];
}

const KEYS = new Set(["statusCode", "headers", "multiValueHeaders", "body", "isBase64Encoded"]);

/**
 * Reads a function's payload as a proxy result. Any other member than the five that API Gateway knows, or one of a
 * wrong type, makes it malformed; the answer is then a sentence that says what is wrong. Members that are null count
 * as absent.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-integration-responses.html
 */
export function proxyResult(payload: unknown): ProxyResult | string {
  if (!isRecord(payload)) {
    return "the result is not an object with a statusCode";
  }
  const unknown = Object.keys(payload).find((key) => !KEYS.has(key));
  if (unknown !== undefined) {
    return `the result has the unknown member ${JSON.stringify(unknown)}`;
  }
  const { statusCode, headers, multiValueHeaders, body, isBase64Encoded } = payload;
  if (!isStatusCode(statusCode)) {
    return "statusCode is not a whole number from 100 to 599";
  }
  if (!isAbsent(body) && typeof body !== "string") {
    return "body is not a string";
  }
  if (!isAbsent(isBase64Encoded) && typeof isBase64Encoded !== "boolean") {
    return "isBase64Encoded is neither true nor false";
  }
  const single = headerValues(headers, (value) => (isScalar(value) ? [String(value)] : undefined));
  if (!single) {
    return "headers is not an object of strings";
  }
  const multi = headerValues(multiValueHeaders, (value) =>
    Array.isArray(value) && value.every(isScalar) ? value.map(String) : undefined,
  );
  if (!multi) {
    return "multiValueHeaders is not an object of lists of strings";
  }
  return {
    statusCode,
    headers: [...single, ...multi],
    ...(typeof body === "string" && { body }),
  };
}

function headerValues(
  headers: unknown,
  valuesOf: (value: unknown) => string[] | undefined,
): [string, string[]][] | undefined {
  if (isAbsent(headers)) {
    return [];
  }
  if (!isRecord(headers)) {
    return;
  }
  const result: [string, string[]][] = [];
  for (const [name, value] of Object.entries(headers)) {
    const values = isAbsent(value) ? [] : valuesOf(value);
    if (!values) {
      return;
    }
    result.push([name, values]);
  }
  return result;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isAbsent(value: unknown): value is null | undefined {
  return value === undefined || value === null;
}

function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

function isStatusCode(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 100 && Number(value) <= 599;
}
