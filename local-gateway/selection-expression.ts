/** A route selection expression that cannot be read. Its code is `SELECTION_EXPRESSION_UNSUPPORTED`. */
export class SelectionExpressionError extends Error {
  override readonly name = "SelectionExpressionError";
  readonly code = "SELECTION_EXPRESSION_UNSUPPORTED";
}

/** One step of a path into a message: a member's name, or the index of an element. */
export type Step = string | number;

/** A literal string, or the path of a value in the message's body. */
type Part = string | readonly Step[];

const STEP = /\.([\p{L}\p{N}_-]+)|\[(?:(\d+)|'([^']*)'|"([^"]*)")\]/gu;
const PATH = `(?:${STEP.source})*`;
const REFERENCE = new RegExp(
  `\\$\\{request\\.body(?<braced>${PATH})\\}|\\$request\\.body(?<bare>${PATH})(?![.[])`,
  "gu",
);

/**
 * Reads a route selection expression: paths below `request.body`, written `$request.body.a.b[0]` or
 * `${request.body['a']}`, and literal text around them.
 *
 * Throws a SelectionExpressionError for recursive paths, wildcards, filters, and for anything but `request.body` after a
 * `$`.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-develop-routes.html
 */
export function parseSelectionExpression(expression: string): readonly Part[] {
  const parts: Part[] = [];
  let end = 0;
  for (const match of expression.matchAll(REFERENCE)) {
    parts.push(literal(expression, end, match.index));
    const path = match.groups?.braced ?? match.groups?.bare ?? "";
    parts.push([...path.matchAll(STEP)].map(toStep));
    end = match.index + match[0].length;
  }
  parts.push(literal(expression, end, expression.length));
  return parts;
}

function literal(expression: string, start: number, end: number): string {
  const text = expression.slice(start, end);
  if (text.includes("$")) {
    throw new SelectionExpressionError(
      `The RouteSelectionExpression ${JSON.stringify(expression)} is not supported: ` +
        "only paths below $request.body are, of names and indexes.",
    );
  }
  return text;
}

function toStep([, name, index, quoted, doubleQuoted]: RegExpMatchArray): Step {
  return index === undefined ? (name ?? quoted ?? doubleQuoted ?? "") : Number(index);
}
