import { createVerifier, rejected, verifyAuthorization } from "./create-verifier.ts";
import { SIGNED_AT, signRequest, withHeader } from "./sign-request.ts";

describe("SignatureVerifier rejects", () => {
  test.each([
    ["execute-api", "Missing Authentication Token"],
    ["lambda", "Missing Authentication Token"],
    ["dynamodb", "Request is missing Authentication Token"],
  ] as const)("a request to %s without a signature", async (service, message) => {
    const request = withHeader(await signRequest({ service }), "authorization", () => undefined);
    expect(createVerifier({ service }).verify(request, SIGNED_AT)).toEqual(
      rejected("MissingAuthenticationTokenException", message),
    );
  });

  test("an authorization of another kind, without showing it", async () => {
    expect(await verifyAuthorization(() => "Bearer abc")).toEqual(
      rejected(
        "IncompleteSignatureException",
        "Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded with Base64): 'w1Xc6WwWEogNEZQP/dkBTThsJT4MNlKmzQanIm970rY='.",
      ),
    );
  });

  test("an authorization of another kind at DynamoDB, as if there were none", async () => {
    const request = withHeader(await signRequest(), "authorization", () => "Bearer abc");
    expect(createVerifier({ service: "dynamodb" }).verify(request, SIGNED_AT)).toEqual(
      rejected("MissingAuthenticationTokenException", "Request is missing Authentication Token"),
    );
  });

  test("an Authorization header that lacks everything, naming it all", async () => {
    const request = withHeader(await signRequest(), "authorization", () => "AWS4-HMAC-SHA256");
    const dateless = withHeader(request, "x-amz-date", () => undefined);
    expect(createVerifier().verify(dateless, SIGNED_AT)).toEqual(
      rejected(
        "IncompleteSignatureException",
        "Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' parameter. Authorization header requires 'SignedHeaders' parameter. Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. (Hashed with SHA-256 and encoded with Base64) Authorization=YI2YWea8FSxnksZL2ETHbs5elHm9HQufxTLK0W0ffV0=",
      ),
    );
  });

  test.each(["Credential", "Signature", "SignedHeaders"])("a header without %s", async (name) => {
    expect(await verifyAuthorization((value) => value.replace(`${name}=`, "X="))).toMatchObject({
      errorType: "IncompleteSignatureException",
      message: expect.stringMatching(
        `^Authorization header requires '${name}' parameter\\. \\(Hashed with`,
      ),
    });
  });

  test("a presigned URL without what belongs to it, naming it all", async () => {
    const request = { ...(await signRequest()), rawHeaders: [], url: "/dev?X-Amz-Algorithm=" };
    expect(createVerifier().verify(request, SIGNED_AT)).toEqual(
      rejected(
        "IncompleteSignatureException",
        "AWS query-string parameters must include 'X-Amz-Algorithm'. AWS query-string parameters must include 'X-Amz-Credential'. AWS query-string parameters must include 'X-Amz-Signature'. AWS query-string parameters must include 'X-Amz-SignedHeaders'. AWS query-string parameters must include 'X-Amz-Date'. Re-examine the query-string parameters.",
      ),
    );
  });

  test("a signature in the header and in the query string at once", async () => {
    const request = await signRequest({ query: { "X-Amz-Algorithm": "AWS4-HMAC-SHA256" } });
    expect(createVerifier().verify(request, SIGNED_AT)).toEqual(
      rejected(
        "InvalidSignatureException",
        "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.",
      ),
    );
  });

  test.each(["2026-07-15T09:00:00Z", "20260715", "20260230T090000Z", "20260715T240000Z", "x"])(
    "the date %s",
    async (date) => {
      const request = withHeader(await signRequest(), "x-amz-date", () => date);
      expect(createVerifier().verify(request, SIGNED_AT)).toEqual(
        rejected(
          "IncompleteSignatureException",
          `Date must be in ISO-8601 'basic format'. Got '${date}'. See http://en.wikipedia.org/wiki/ISO_8601`,
        ),
      );
    },
  );

  test("a signature that is good for any host", async () => {
    const headers = (value: string) => value.replace("host;", "");
    expect(await verifyAuthorization(headers)).toEqual(
      rejected(
        "InvalidSignatureException",
        "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.",
      ),
    );
  });

  test("another algorithm", async () => {
    expect(await verifyAuthorization((value) => value.replace("SHA256", "SHA1"))).toEqual(
      rejected(
        "IncompleteSignatureException",
        "Unsupported AWS 'algorithm': 'AWS4-HMAC-SHA1' (only AWS4-HMAC-SHA256 for now). ",
      ),
    );
  });

  test.each(["local", "local/20260715/us-east-1/execute-api", "a/b/c/d/e/f"])(
    "the credential %s",
    async (credential) => {
      const change = (value: string) =>
        value.replace(/Credential=[^,]*/, `Credential=${credential}`);
      expect(await verifyAuthorization(change)).toEqual(
        rejected(
          "IncompleteSignatureException",
          `Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '${credential}'`,
        ),
      );
    },
  );
});
