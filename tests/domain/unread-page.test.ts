import { execFile } from "node:child_process";

const module = (name: string) =>
  JSON.stringify(new URL(`../../src/domain/${name}.ts`, import.meta.url).href);

/**
 * A fan-out to a channel whose second page cannot be read, and what it prints. By the end of a post the second page has
 * failed, and Node has looked for rejections that nobody handles.
 */
const PROGRAM = `
  import { setImmediate } from "node:timers/promises";
  import { Delivery } from ${module("delivery")};
  import { readGroup } from ${module("targets")};

  const END = 1000;
  let now = 0;
  const store = {
    async *findAll() {
      yield [{ connectionId: "alice=", expiresAt: END }, { connectionId: "bob=", expiresAt: END }];
      throw new Error("The second page is away");
    },
  };
  const sender = {
    async send(connectionId) {
      await setImmediate();
      console.log(connectionId);
      return "delivered";
    },
  };
  async function deliver(timePerPost) {
    const clock = () => { now += timePerPost; return now; };
    const delivery = new Delivery({ store, sender, clock, wait: async () => {} });
    const onFailure = ({ message }) => console.log(message);
    const options = { deadline: END, onFailure };
    const { ids, complete } = await readGroup({ store, clock }, { channel: "lobby" }, 1000, options);
    let delivered = 0;
    await delivery.deliverToAll(ids, "hi", options, () => { delivered += 1; });
    console.log(delivered, complete);
  }
`;

/**
 * Runs a program in a Node of its own, and gives its exit code and what it printed. Jest hides from a test whether a
 * rejection was left unhandled; Node by itself ends with an error.
 */
async function run(program: string): Promise<{ readonly code: unknown; readonly out: string }> {
  return await new Promise((resolve) => {
    const args = ["--input-type=module", "--eval", program];
    execFile(process.execPath, args, (error, out) => resolve({ code: error?.code ?? 0, out }));
  });
}

describe("A fan-out whose second page fails while the first is delivered", () => {
  test("delivers the whole first page, and reports the failure once", async () => {
    expect(await run(`${PROGRAM} await deliver(0);`)).toEqual({
      code: 0,
      out: "The second page is away\nalice=\nbob=\n2 false\n",
    });
  });

  test("does not end the process when its time is over before the second page is needed", async () => {
    // Two looks at the clock for each connection: the time is over at the second one.
    expect(await run(`${PROGRAM} await deliver(400);`)).toEqual({
      code: 0,
      out: "alice=\n1 false\n",
    });
  });
});
