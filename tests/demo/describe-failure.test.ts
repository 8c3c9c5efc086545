import { RelayError } from "../../client/index.ts";
import { describeFailure } from "../../demo/describe-failure.ts";

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
