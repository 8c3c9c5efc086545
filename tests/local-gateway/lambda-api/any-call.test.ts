import fc from "fast-check";
import { localAccount } from "../../../local-gateway/iam/principals.ts";
import {
  readFunctionReference,
  readInvokePath,
  readInvokeRequest,
} from "../../../local-gateway/lambda-api/request.ts";

const ACCOUNT = localAccount("eu-west-1");

/** Text that is often nearly the name of a function. */
const NEARLY = fc
  .array(
    fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom(
        "arn:aws:lambda:",
        "eu-west-1:",
        "123456789012:",
        "function:",
        "local-Fn",
        ":",
      ),
      fc.constantFrom("$LATEST", "%3A", "%", "%E0", "/", "?Qualifier=", "&"),
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(""));

test("any path is an Invoke call that names a function or is rejected, or it is another call", () => {
  fc.assert(
    fc.property(NEARLY, (text) => {
      const path = readInvokePath("POST", `/2015-03-31/functions/${text}/invocations`);
      const read = path && readFunctionReference(path, ACCOUNT);
      if (read?.ok === false) {
        expect(read.status).toBe(400);
        expect(JSON.parse(read.body ?? "")).toHaveProperty("message");
      } else if (read) {
        expect(read.arn).toMatch(/^arn:aws:lambda:[a-z0-9-]+:\d{12}:function:[\w.-]+(:|$)/);
      }
    }),
  );
});

test("any payload with any headers is an event or is rejected", () => {
  const headers = fc.dictionary(
    fc.constantFrom("x-amz-invocation-type", "x-amz-client-context", "x-amz-log-type"),
    fc.oneof(
      fc.string(),
      fc.constantFrom("Event", "RequestResponse", "DryRun", btoa("{}"), btoa("[1]")),
    ),
  );
  const payload = fc.oneof(
    fc.uint8Array(),
    fc
      .constantFrom("{}", "[", "null", '"\\ud800"', '{"__proto__":1}')
      .map((text) => Buffer.from(text)),
  );
  fc.assert(
    fc.property(headers, payload, (someHeaders, bytes) => {
      const read = readInvokeRequest(someHeaders, Buffer.from(bytes));
      if (!read.ok) {
        expect(read.status).toBe(400);
      } else {
        expect(JSON.stringify(read.event)).toBeDefined();
      }
    }),
  );
});
