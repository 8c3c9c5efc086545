import { PropertyReader } from "./reader.ts";
import { resourceName } from "./references.ts";
import { existingResources } from "./resources.ts";
import type { Scope, TemplateResource } from "./scope.ts";

/** How often and how long Lambda tries an asynchronous invocation. */
export interface EventInvokeConfig {
  /** How often a function that failed is tried again, 0 to 2. */
  readonly maximumRetryAttempts: number;
  /** How old an event may be when it is tried, in seconds. */
  readonly maximumEventAge: number;
}

/** Lambda's own choice. */
export const DEFAULT_EVENT_INVOKE_CONFIG: EventInvokeConfig = {
  maximumRetryAttempts: 2,
  maximumEventAge: 6 * 60 * 60,
};

/**
 * Reads how the asynchronous invocations of a function are tried: from SAM's property, or from the resource that is for the
 * function. Throws a TemplateError for a number that Lambda does not take.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionEventInvokeConfig.html
 */
export function readEventInvokeConfig(
  scope: Scope,
  resource: TemplateResource,
  functionArn: string,
): EventInvokeConfig {
  const names = [resourceName(scope, resource), functionArn];
  const ofResource = existingResources(scope, "AWS::Lambda::EventInvokeConfig")
    .map((config) => PropertyReader.of(scope, config))
    .find((config) => names.includes(config.string("FunctionName") ?? ""));
  const properties: PropertyReader = PropertyReader.of(scope, resource);
  const config = ofResource ?? properties.map("EventInvokeConfig");
  if (config.names.includes("DestinationConfig")) {
    scope.warn(config.path("DestinationConfig"), "has no effect here: what has failed is dropped");
  }
  const { maximumRetryAttempts, maximumEventAge } = DEFAULT_EVENT_INVOKE_CONFIG;
  return {
    maximumRetryAttempts: wholeNumber(config, "MaximumRetryAttempts", 0, 2) ?? maximumRetryAttempts,
    maximumEventAge: wholeNumber(config, "MaximumEventAgeInSeconds", 60, 21_600) ?? maximumEventAge,
  };
}

function wholeNumber(
  properties: PropertyReader,
  name: string,
  least: number,
  most: number,
): number | undefined {
  const number = properties.number(name);
  return number === undefined || (Number.isInteger(number) && number >= least && number <= most)
    ? number
    : properties.fail(name, `must be a whole number from ${least} to ${most}, not ${number}`);
}
