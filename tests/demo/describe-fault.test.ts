import { RelayClient } from "../../client/index.ts";
import { describeFault } from "../../demo/describe-fault.ts";

test.each([
  [{ user: "a b" }, "user", /^Your name must be 1 to 64 letters/],
  [{ user: "alice", channel: "#lobby" }, "channel", /^The channel must be 1 to 64 letters/],
])("of %j the %s is at fault, and is called by its label", (options, field, text) => {
  expect(faultOf("ws://127.0.0.1/dev", options)).toEqual({
    field,
    text: expect.stringMatching(text),
  });
});

test("an address that is none of a WebSocket is at fault itself", () => {
  expect(faultOf("http://127.0.0.1/dev", { user: "alice" })).toEqual({
    field: "url",
    text: "The address must begin with wss:// or ws:// and have no fragment.",
  });
});

test("any other error is shown as it is", () => {
  expect(describeFault(new TypeError("There is no WebSocket here."))).toEqual({
    text: "There is no WebSocket here.",
  });
});

function faultOf(url: string, options: object): unknown {
  try {
    new RelayClient(url, options).close();
    return undefined;
  } catch (error) {
    return describeFault(error);
  }
}
