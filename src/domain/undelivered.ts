import type { Refusal } from "./refusal.ts";
import type { Tally } from "./tally.ts";
import type { Target } from "./target.ts";

/**
 * Why a message reached nobody, if it did not and there is a reason to tell: the worst of what happened to it. That
 * nobody is in a channel is no such reason.
 */
export function undelivered({ outcomes, complete }: Tally, to: Target): Refusal | undefined {
  if (outcomes.delivered > 0) {
    return undefined;
  }
  if (outcomes.tooLarge > 0) {
    return {
      code: "TOO_LARGE",
      message: "The message would be longer than the 128 KB that one may have.",
    };
  }
  if (outcomes.failed === 0 && outcomes.throttled > 0) {
    return {
      code: "THROTTLED",
      message: "Too many messages at once: the target was not reached. Try again later.",
    };
  }
  // Nobody named the connections of a group, so nobody can have named them wrongly.
  const isOurs =
    outcomes.failed > 0 || !complete || (outcomes.refused > 0 && !("connection" in to));
  if (isOurs) {
    return {
      code: "UNAVAILABLE",
      message: "The relay could not deliver the message. It may have arrived or not.",
    };
  }
  if (outcomes.refused > 0) {
    return { code: "INVALID_MESSAGE", message: "API Gateway takes this for no connection id." };
  }
  if ("channel" in to) {
    return undefined;
  }
  return {
    code: "TARGET_GONE",
    message:
      "user" in to
        ? "There is no connection of that user."
        : "There is no connection with that id any more.",
  };
}
