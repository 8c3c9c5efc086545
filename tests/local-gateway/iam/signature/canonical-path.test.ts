import { canonicalPath } from "../../../../local-gateway/iam/signature/canonical-path.ts";

describe("canonicalPath", () => {
  // What API Gateway said it would have signed:
  // https://github.com/badslug/Paw-AWSSignature4DynamicValue/issues/23 and https://github.com/aws/aws-sdk-net/issues/3132
  test.each([
    ["/dev/%40connections/asnFYeJtCGYCEZQ%3D", "/dev/%2540connections/asnFYeJtCGYCEZQ%253D"],
    [
      "/$default/%40connections/P-S_9e-7liACH9A%3D",
      "/%24default/%2540connections/P-S_9e-7liACH9A%253D",
    ],
  ])("of %s is what AWS takes it for", (path, canonical) => {
    expect(canonicalPath(path)).toBe(canonical);
  });

  test("ends before the query string", () => {
    expect(canonicalPath("/dev/@connections/a=?b=/c")).toBe("/dev/%40connections/a%3D");
  });
});
