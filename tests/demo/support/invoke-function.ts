import { signedFetch } from "../../local-gateway/support/signed-fetch.ts";

const INVOKE = "/2015-03-31/functions/local-RelayFunction/invocations";

/** Invokes the relay's function as a backend does, and returns its answer. */
export async function invokeFunction(managementUrl: string, event: object): Promise<unknown> {
  const answer = await signedFetch(new URL(INVOKE, managementUrl), {
    method: "POST",
    body: JSON.stringify(event),
    service: "lambda",
    region: "us-east-1",
  });
  return await answer.json();
}
