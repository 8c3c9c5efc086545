import { execFile } from "node:child_process";

const MODULE = new URL("../../src/domain/read-ahead.ts", import.meta.url).href;

/** Reads ahead from a source whose second page cannot be had, and says what comes of it. */
const READER = `
  import { setImmediate } from "node:timers/promises";
  import { readAhead } from ${JSON.stringify(MODULE)};

  async function* pages() {
    yield "The first page";
    throw new Error("The second page is away");
  }

  async function useFirst(read) {
    for await (const page of readAhead(pages())) {
      // By the end of this the second page has failed, and Node has looked for rejections that nobody handles.
      await setImmediate();
      console.log(page);
      if (read === "alone") {
        return;
      }
    }
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

describe("Reading ahead, when the second page fails while the first is in use,", () => {
  test("throws the failure once the first page has been used, and no sooner", async () => {
    const program = `${READER} await useFirst().catch(({ message }) => console.log(message));`;
    expect(await run(program)).toEqual({
      code: 0,
      out: "The first page\nThe second page is away\n",
    });
  });

  test("throws nothing at somebody who asks for no second page", async () => {
    const program = `${READER} await useFirst("alone");`;
    expect(await run(program)).toEqual({ code: 0, out: "The first page\n" });
  });
});
