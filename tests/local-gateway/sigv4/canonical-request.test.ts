import { canonicalRequest } from "../../../local-gateway/sigv4/canonical-request.ts";

/** The path of a request target as it is signed. */
function pathOf(url: string): string | undefined {
  const request = { method: "GET", url, body: Buffer.alloc(0) };
  const text = canonicalRequest(request, new Map(), { signedHeaders: "host", presigned: false });
  return text.split("\n")[1];
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
    expect(pathOf(url)).toBe(canonical);
  });

  test("ends before the query string", () => {
    expect(pathOf("/dev/@connections/a=?b=/c")).toBe("/dev/%40connections/a%3D");
  });
});
