import assert from "node:assert/strict";
import { type HttpAnswer, signCall } from "../http.ts";
import type { Probe } from "../probe.ts";
import type { ProbeContext } from "../probe-context.ts";

/** A well-formed id that never was. */
const UNKNOWN = "C51DherHNjMCI3Q%3D";

/** The path of a management call. */
export const MANAGEMENT_PATH_PROBES: readonly Probe[] = [
  {
    id: "encodings-of-a-connection",
    confidence: "documented",
    async run(context) {
      const connectionId = await context.connectionIdOf(await context.connect());
      for (const resource of ["@connections", "%40connections"]) {
        for (const id of [connectionId, connectionId.replace("=", "%3D")]) {
          const { status } = await post(context, `${stageOf(context)}/${resource}/${id}`);
          assert.equal(status, 200);
        }
      }
    },
  },
  {
    id: "wrong-path",
    confidence: "recorded",
    async run(context) {
      const path = `/no-such-stage/@connections/${UNKNOWN}`;
      const { status, headers, body } = await post(context, path);
      assert.deepEqual(
        { status, error: headers["x-amzn-errortype"], body },
        { status: 403, error: "ForbiddenException", body: '{"message":"Forbidden"}' },
      );
    },
  },
  {
    id: "path-below-the-stage",
    confidence: "recorded",
    async run(context) {
      const stage = stageOf(context);
      for (const route of [`${stage.slice(1)}/@connections/C51DherHNjMCI3Q=`, "@connections/"]) {
        const { body } = await post(context, `${stage}/${route.replace("=", "%3D")}`);
        const { message } = JSON.parse(body);
        assert.equal(message, `No method found matching route ${route} for http method POST.`);
      }
    },
  },
  {
    id: "path-below-the-stage-status",
    confidence: "our default",
    async run(context) {
      const stage = stageOf(context);
      const { status } = await post(context, `${stage}${stage}/@connections/${UNKNOWN}`);
      assert.equal(status, 404);
    },
  },
  {
    id: "path-below-the-stage-denied",
    confidence: "recorded",
    async run(context) {
      const client = await context.connect();
      const error = await client.answer({ do: "post to a wrong path" });
      assert.match(
        String(error),
        /^AccessDeniedException: .* is not authorized to perform: execute-api:Invoke on resource: .*\/POST\/@connections\/@connections\/[\w-]+%3D/,
      );
    },
  },
];

function stageOf({ endpoint }: ProbeContext): string {
  return new URL(endpoint.managementUrl).pathname;
}

/** The answer to a signed POST to any path. */
async function post(context: ProbeContext, path: string): Promise<HttpAnswer> {
  const call = context.managementCall("POST", "", "hello");
  return await context.send(await signCall({ ...call, path }, context.endpoint));
}
