import assert from "node:assert/strict";
import type { Probe } from "../probe.ts";
import type { ProbeContext } from "../probe-context.ts";
import { signCall } from "../sign-call.ts";

/** The path of a management call. */
export const MANAGEMENT_PATH_PROBES: readonly Probe[] = [
  {
    id: "encodings-of-a-connection",
    standing: "documented",
    async run(context) {
      const connectionId = await context.connectionIdOf(await context.connect());
      for (const resource of ["@connections", "%40connections"]) {
        for (const id of [connectionId, connectionId.replace("=", "%3D")]) {
          assert.equal(await statusOf(context, `/${resource}/${id}`), 200);
        }
      }
    },
  },
  {
    id: "wrong-path",
    standing: "recorded",
    async run(context) {
      const connectionId = await context.connectionIdOf(await context.connect());
      const call = context.managementCall("POST", connectionId, "hello");
      for (const path of [
        `/no-such-stage/@connections/${encodeURIComponent(connectionId)}`,
        call.path.replace("@connections", "connections"),
      ]) {
        const signed = await signCall({ ...call, path }, context.endpoint);
        const { status, headers, body } = await context.send(signed);
        assert.deepEqual(
          { status, error: headers["x-amzn-errortype"], body },
          { status: 403, error: "ForbiddenException", body: '{"message":"Forbidden"}' },
        );
      }
    },
  },
];

/** The status of a signed POST to a path below the stage. */
async function statusOf(context: ProbeContext, path: string): Promise<number> {
  const call = context.managementCall("POST", "", "hello");
  const stage = new URL(context.endpoint.managementUrl).pathname;
  const signed = await signCall({ ...call, path: `${stage}${path}` }, context.endpoint);
  const { status } = await context.send(signed);
  return status;
}
