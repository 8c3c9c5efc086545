import { canonicalRequest } from "../../../local-gateway/sigv4/canonical-request.ts";

/** The path and the query string of a request target as they are signed. */
function canonicalTarget(url: string): { path: string; query: string } {
  const request = { method: "GET", url, body: Buffer.alloc(0) };
  const text = canonicalRequest(request, new Map(), { signedHeaders: "host", presigned: false });
  const [, path = "", query = ""] = text.split("\n");
  return { path, query };
}

describe("the path in a canonical request", () => {
  // What API Gateway reported as the path that it would have signed:
  // https://github.com/badslug/Paw-AWSSignature4DynamicValue/issues/23 and https://github.com/aws/aws-sdk-net/issues/3132
  test.each([
    ["/dev/%40connections/asnFYeJtCGYCEZQ%3D", "/dev/%2540connections/asnFYeJtCGYCEZQ%253D"],
    [
      "/$default/%40connections/P-S_9e-7liACH9A%3D",
      "/%24default/%2540connections/P-S_9e-7liACH9A%253D",
    ],
  ])("of %s is the one that AWS signs", (url, canonical) => {
    expect(canonicalTarget(url).path).toBe(canonical);
  });

  test("ends before the query string", () => {
    expect(canonicalTarget("/dev/@connections/a=?b=/c").path).toBe("/dev/%40connections/a%3D");
  });
});

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html#create-canonical-request
test("the query string in a canonical request is sorted by name, and by value where a name repeats", () => {
  expect(canonicalTarget("/dev?b=2&b=10&a=3&b").query).toBe("a=3&b=&b=10&b=2");
});
