import type { Entry, EntrySummary } from "../timeline/entry.ts";

/** What is shown in place of a value. */
const MASK = "••••";

/** The beginning of a text that an entry in the list has when bodies are asked for, in characters. */
const PREVIEW = 200;

/** An entry as the list shows it. The texts are there only when bodies are asked for. */
export interface ListedEntry extends EntrySummary {
  readonly preview?: string | undefined;
  readonly problem?: string | undefined;
}

/** An entry as it is listed. */
export function listedEntry({ text, problem, ...summary }: Entry, bodies: boolean): ListedEntry {
  return bodies
    ? { ...summary, ...(problem !== undefined && { problem }), preview: text?.slice(0, PREVIEW) }
    : summary;
}

/** An entry that is opened: its content as text to show, and whether values in it are masked. */
export interface OpenedEntry extends EntrySummary {
  readonly content?: string | undefined;
  readonly problem?: string | undefined;
  readonly masked: boolean;
}

/** An entry as it is opened, with its values or, unless bodies are asked for, with masks in their place. */
export function openedEntry({ text, problem, ...summary }: Entry, bodies: boolean): OpenedEntry {
  return {
    ...summary,
    ...(text !== undefined && { content: bodies ? readable(text) : maskedContent(summary, text) }),
    ...(problem !== undefined && { problem: bodies ? problem : MASK }),
    masked: !bodies,
  };
}

function maskedContent({ kind }: EntrySummary, text: string): string {
  if (kind === "event") {
    return JSON.stringify(maskedEvent(JSON.parse(text)), undefined, 2);
  }
  return kind === "result" ? JSON.stringify(maskedResult(JSON.parse(text)), undefined, 2) : MASK;
}

/** JSON with line breaks; any other text as it is. */
function readable(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    return text;
  }
}

/** The members of an event that API Gateway itself makes. Everything else comes from the client or the application. */
const OF_THE_EVENT = new Set(["isBase64Encoded", "type", "methodArn"]);
const OF_THE_CONTEXT = new Set([
  "routeKey",
  "messageId",
  "disconnectStatusCode",
  "eventType",
  "extendedRequestId",
  "requestTime",
  "messageDirection",
  "stage",
  "connectedAt",
  "requestTimeEpoch",
  "requestId",
  "domainName",
  "connectionId",
  "apiId",
]);

function maskedEvent(event: unknown): unknown {
  if (!isRecord(event) || !isRecord(event.requestContext)) {
    return MASK;
  }
  const context = maskedMembers(event.requestContext, OF_THE_CONTEXT);
  return { ...maskedMembers(event, OF_THE_EVENT), requestContext: context };
}

function maskedResult(result: unknown): unknown {
  return isRecord(result) ? maskedMembers(result, new Set(["statusCode"])) : MASK;
}

/** An object whose members have masks, but for those that may be shown. */
function maskedMembers(value: Record<string, unknown>, shown: ReadonlySet<string>): object {
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, shown.has(name) ? member : MASK]),
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
