import { RelayError } from "../../client/index.ts";
import { describeFailure, describeReceipt } from "../../demo/delivery.ts";

const NOTHING = { delivered: 0, gone: 0, failed: 0, complete: true };

test.each([
  [{}, "unreceived", "Sent, nobody else is here"],
  [{ delivered: 3 }, "delivered", "Delivered to 3"],
  [{ delivered: 2, gone: 1 }, "delivered", "Delivered to 2, 1 had gone"],
  [{ gone: 2 }, "unreceived", "Sent, nobody else is here, 2 had gone"],
  [{ delivered: 2, failed: 1 }, "partly", "Delivered to 2, 1 perhaps not"],
  [{ failed: 1 }, "partly", "Delivered to 0, 1 perhaps not"],
  [{ complete: false }, "partly", "Delivered to 0, not everyone was tried"],
])("%j is %s: %s", (counts, state, text) => {
  expect(describeReceipt({ ...NOTHING, ...counts })).toEqual({ state, text });
});

test("a message that nobody has is not delivered, and the reason is given", () => {
  const error = new RelayError("TARGET_GONE", "There is nobody there.");
  expect(describeFailure(error)).toEqual({
    state: "failed",
    text: "Not delivered: There is nobody there. (TARGET_GONE)",
  });
});

test("a message that somebody may have is perhaps not delivered", () => {
  const error = new RelayError("TIMEOUT", "No answer came.", { mayHaveArrived: true });
  expect(describeFailure(error)).toEqual({
    state: "partly",
    text: "Perhaps not delivered: No answer came. (TIMEOUT)",
  });
});

test("any other error is shown as it is", () => {
  expect(describeFailure(new TypeError("no"))).toEqual({
    state: "failed",
    text: "Not sent: TypeError: no",
  });
});
