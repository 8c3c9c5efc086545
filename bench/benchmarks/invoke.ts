import { resolve } from "node:path";
import type { InvocationsCommand } from "../commands.ts";
import type { Benchmark } from "../finding.ts";
import { alternate } from "../measure.ts";
import { startProgram } from "../program.ts";
import { buildRelay, relayEnvironment } from "../relay-build.ts";

const EVENT = resolve(import.meta.dirname, "..", "..", "events", "forward.json");
const WARM_UP = 5_000;
/** Invocations, and posts, of one round. */
const TIMES = 250;
const ROUNDS = 41;

/** What the function adds to the one post that a raw forward is for. */
export const invoke: Benchmark = {
  name: "invoke",
  async measure() {
    await using bundle = await buildRelay();
    const server = startProgram<object, { readonly url: string }>("answering-server.ts");
    const { url } = await server.ask({});
    const environment = startProgram<InvocationsCommand, number>("invocations.ts", {
      arguments: [bundle.url, EVENT],
      environment: relayEnvironment(url),
    });
    await environment.ask({ do: "invoke", times: WARM_UP });
    await environment.ask({ do: "post", times: WARM_UP });
    const milliseconds = async (what: InvocationsCommand["do"]) =>
      ((await environment.ask({ do: what, times: TIMES })) / TIMES) * 1000;
    const medians = await alternate(
      ROUNDS,
      () => milliseconds("invoke"),
      () => milliseconds("post"),
    );
    await Promise.all([environment.stop(), server.stop()]);
    return [
      {
        what: "a warm raw forward / one bare `PostToConnection`",
        unit: "ms",
        ...medians,
        bound: { atMost: 1.15 },
      },
    ];
  },
};
