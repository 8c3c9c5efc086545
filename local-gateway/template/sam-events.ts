import { attempt } from "./error.ts";
import type { TemplatePath } from "./file.ts";
import { PropertyReader } from "./reader.ts";
import type { Scope } from "./scope.ts";

/** The event types that make an HTTP or REST API, with the API that SAM generates for those that name none. */
export const HTTP_EVENTS: ReadonlyMap<string, string> = new Map([
  ["Api", "ServerlessRestApi"],
  ["HttpApi", "ServerlessHttpApi"],
]);

/** One of the Events of a function. */
interface SamEvent {
  readonly type: string;
  readonly path: TemplatePath;
  readonly properties: PropertyReader;
}

/** The Events of SAM's function with this logical id; none when they cannot be read, for nothing depends on them. */
export function eventsOf(scope: Scope, functionId: string): readonly SamEvent[] {
  const resource = scope.resources.get(functionId);
  if (resource?.type !== "AWS::Serverless::Function") {
    return [];
  }
  const read = attempt(() => {
    const events: PropertyReader = PropertyReader.of(scope, resource).map("Events");
    return events.names.map((name) => ({
      type: events.map(name).string("Type") ?? "",
      path: events.path(name),
      properties: events.map(name).map("Properties"),
    }));
  });
  return read.ok ? read.value.filter(({ type }) => type !== "") : [];
}
