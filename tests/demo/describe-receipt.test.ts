import { describeReceipt } from "../../demo/describe-receipt.ts";

const NOTHING = { delivered: 0, gone: 0, failed: 0, complete: true };

test.each([
  [{}, "unheard", "Sent, nobody else is here"],
  [{ delivered: 3 }, "delivered", "Delivered to 3"],
  [{ delivered: 2, gone: 1 }, "delivered", "Delivered to 2, 1 had gone"],
  [{ gone: 2 }, "unheard", "Sent, nobody else is here, 2 had gone"],
  [{ delivered: 2, failed: 1 }, "partly", "Delivered to 2, 1 perhaps not"],
  [{ failed: 1 }, "partly", "Delivered to 0, 1 perhaps not"],
  [{ complete: false }, "partly", "Delivered to 0, not everyone was tried"],
])("%j is %s: %s", (counts, state, text) => {
  expect(describeReceipt({ ...NOTHING, ...counts })).toEqual({ state, text });
});
