import type { Route } from "../template/route.ts";
import type { WebSocketApi } from "../template/web-socket-api.ts";
import { parseSelectionExpression, type Step } from "./parse-selection-expression.ts";
import { selectedText } from "./selected-text.ts";

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
