import assert from "node:assert/strict";
import type { Probe } from "../probe.ts";
import type { ProbeContext } from "../probe-context.ts";

const URL_LENGTH = 4096;

/** How long a URL may be. */
export const URL_PROBES: readonly Probe[] = [
  {
    id: "url-of-4096-characters",
    confidence: "documented",
    async run(context) {
      await context.connect({ query: filler(context, URL_LENGTH) });
    },
  },
  {
    id: "url-over-4096-characters",
    confidence: "our default",
    async run(context) {
      const { status } = await context.rejection({ query: filler(context, URL_LENGTH + 1) });
      assert.equal(status, 414);
    },
  },
];

/** A query parameter that makes the URL, from its path on, as long as asked. */
function filler({ endpoint }: ProbeContext, length: number): Record<string, string> {
  return { x: "x".repeat(length - new URL(endpoint.url).pathname.length - "?x=".length) };
}
