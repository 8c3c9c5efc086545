import assert from "node:assert/strict";
import { signCall } from "../http.ts";
import type { Probe } from "../probe.ts";
import type { ProbeContext } from "../probe-context.ts";
import { presignUpgrade } from "../upgrade.ts";

const application = "iam";

/** IAM authorization of `$connect`. */
export const IAM_PROBES: readonly Probe[] = [
  {
    id: "unsigned-upgrade",
    confidence: "documented",
    application,
    async run(context) {
      const { status } = await context.rejection();
      assert.equal(status, 403);
    },
  },
  {
    id: "signed-upgrade",
    confidence: "documented",
    application,
    async run(context) {
      await context.connect({ headers: await signedHeaders(context) });
    },
  },
  {
    id: "presigned-upgrade",
    confidence: "documented",
    application,
    async run(context) {
      const signature = new URLSearchParams(await presignUpgrade(context.endpoint));
      await context.connect({ query: Object.fromEntries(signature) });
    },
  },
  {
    id: "messages-need-no-signature",
    confidence: "recorded",
    application,
    async run(context) {
      const client = await context.connect({ headers: await signedHeaders(context) });
      await context.eventOf(client, "hello");
    },
  },
];

async function signedHeaders({
  endpoint,
}: ProbeContext): Promise<Readonly<Record<string, string>>> {
  const { url } = endpoint;
  const origin = url.replace(/^ws/, "http");
  const upgrade = { method: "GET", origin, path: new URL(url).pathname, headers: {} };
  const { headers } = await signCall({ ...upgrade, body: Buffer.alloc(0) }, endpoint);
  return headers;
}
