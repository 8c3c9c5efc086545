import { parseSelectionExpression, type Step } from "../selection-expression.ts";
import type { Route, WebSocketApi } from "../template/web-socket-api.ts";

const DEFAULT_ROUTE = "$default";

/**
 * Makes the function that finds a message's route: the one whose key equals what the API's route selection expression
 * gives for the message, else `$default`, else none. Text that is not JSON belongs to `$default`. A message that
 * selects `$connect` by its text gets that route, as any other.
 *
 * Throws when the expression cannot be read.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-develop-routes.html
 */
export function createRouteSelection(api: WebSocketApi): (body: string) => Route | undefined {
  const parts = parseSelectionExpression(api.routeSelectionExpression);
  const defaultRoute = api.routes.get(DEFAULT_ROUTE);
  return (body) => {
    const message = parseJson(body);
    if (message === undefined) {
      return defaultRoute;
    }
    const routeKey = parts
      .map((part) => (typeof part === "string" ? part : selectedText(valueAt(message, part))))
      .join("");
    return api.routes.get(routeKey) ?? defaultRoute;
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return;
  }
}

/** Own members only: a message must not reach what every object inherits. */
function valueAt(message: unknown, steps: readonly Step[]): unknown {
  let value = message;
  for (const step of steps) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, step)) {
      return;
    }
    if (Array.isArray(value) !== (typeof step === "number")) {
      return;
    }
    value = Reflect.get(value, step);
  }
  return value;
}

/** Deeper values cannot be route keys, and a hostile message may nest as deep as it is long. */
const MAX_DEPTH = 16;

/**
 * A value found by a route selection expression as the text that is compared with the route keys: a string as it is,
 * an array as `[a, b]`, and the empty text for what is missing. AWS documents no more; an object becomes `{a=1}` in the
 * like manner, and null counts as missing.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-develop-routes.html
 */
function selectedText(value: unknown, depth = 0): string {
  if (value === undefined || value === null || depth > MAX_DEPTH) {
    return "";
  }
  if (typeof value !== "object") {
    return String(value);
  }
  if (Array.isArray(value)) {
    return `[${value.map((item) => selectedText(item, depth + 1)).join(", ")}]`;
  }
  const members = Object.entries(value).map(
    ([name, member]) => `${name}=${selectedText(member, depth + 1)}`,
  );
  return `{${members.join(", ")}}`;
}
