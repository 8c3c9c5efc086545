import assert from "node:assert/strict";
import { type HttpCall, signCall } from "../http.ts";
import type { Probe } from "../probe.ts";
import type { ProbeContext } from "../probe-context.ts";

const NOBODY = { accessKeyId: "AKIAIOSFODNN7NOBODY0", secretAccessKey: "nobody" };

/** Who may call the management API. */
export const SIGNATURE_PROBES: readonly Probe[] = [
  {
    id: "unsigned-call",
    confidence: "our default",
    async run(context) {
      const call = await callOf(context);
      await isRejected(context, call, "MissingAuthenticationTokenException");
    },
  },
  {
    id: "unknown-access-key",
    confidence: "documented",
    async run(context) {
      const { region } = context.endpoint;
      const call = await signCall(await callOf(context), { region, credentials: NOBODY });
      await isRejected(context, call, "UnrecognizedClientException");
    },
  },
  {
    id: "tampered-body",
    confidence: "documented",
    async run(context) {
      const call = await signCall(await callOf(context), context.endpoint);
      const tampered = { ...call, body: Buffer.from("another text") };
      await isRejected(context, tampered, "InvalidSignatureException");
    },
  },
  {
    id: "tampered-path",
    confidence: "documented",
    async run(context) {
      const call = await signCall(await callOf(context), context.endpoint);
      const { path } = await callOf(context);
      await isRejected(context, { ...call, path }, "InvalidSignatureException");
    },
  },
  {
    id: "wrong-region",
    confidence: "documented",
    async run(context) {
      const { credentials, region } = context.endpoint;
      const elsewhere = region === "eu-west-1" ? "eu-west-2" : "eu-west-1";
      const call = await signCall(await callOf(context), { credentials, region: elsewhere });
      await isRejected(context, call, "InvalidSignatureException");
    },
  },
  {
    id: "missing-permission",
    confidence: "recorded",
    async run(context) {
      const client = await context.connect();
      assert.equal(await client.answer({ do: "delete" }), "AccessDeniedException");
    },
  },
];

/** A call about a connection that is there; it would succeed if it were signed well. */
async function callOf(context: ProbeContext): Promise<HttpCall> {
  const connectionId = await context.connectionIdOf(await context.connect());
  return context.managementCall("POST", connectionId, "hello");
}

async function isRejected(context: ProbeContext, call: HttpCall, error: string): Promise<void> {
  const { status, headers } = await context.send(call);
  assert.deepEqual(
    { status, error: String(headers["x-amzn-errortype"]).split(":", 1)[0] },
    { status: 403, error },
  );
}
