import { createVerifier, rejected, TEMPORARY, verifyAuthorization } from "./create-verifier.ts";
import { SIGNED_AT, signRequest, type ToSign } from "./sign-request.ts";

const MISMATCH =
  "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.";
const INVALID_TOKEN = "The security token included in the request is invalid.";

/** Verifies a request that arrives `seconds` after it was signed. */
async function verifyLater(seconds: number, service: "execute-api" | "dynamodb" | "lambda") {
  const request = await signRequest({ service });
  return createVerifier({ service }).verify(request, new Date(+SIGNED_AT + seconds * 1000));
}

describe("SignatureVerifier rejects", () => {
  test.each([
    ["execute-api", 300.999, 300],
    ["lambda", 300.999, 300],
    ["dynamodb", 900.999, 900],
  ] as const)("nothing that reaches %s at most %d seconds late or %d early", async (...limits) => {
    const [service, late, early] = limits;
    expect(await verifyLater(late, service)).toMatchObject({ ok: true });
    expect(await verifyLater(-early, service)).toMatchObject({ ok: true });
  });

  test.each([
    ["execute-api", 301, "20260715T090001Z (20260715T090501Z - 5 min.)"],
    ["lambda", 301, "20260715T090001Z (20260715T090501Z - 5 min.)"],
    ["dynamodb", 901, "20260715T090001Z (20260715T091501Z - 15 min.)"],
  ] as const)("what reaches %s %i seconds late", async (service, seconds, limit) => {
    expect(await verifyLater(seconds, service)).toEqual(
      rejected(
        "InvalidSignatureException",
        `Signature expired: 20260715T090000Z is now earlier than ${limit}`,
      ),
    );
  });

  test.each([
    ["execute-api", 301, "20260715T085959Z (20260715T085459Z + 5 min.)"],
    ["lambda", 301, "20260715T085959Z (20260715T085459Z + 5 min.)"],
    ["dynamodb", 901, "20260715T085959Z (20260715T084459Z + 15 min.)"],
  ] as const)("what reaches %s %i seconds early", async (service, seconds, limit) => {
    expect(await verifyLater(-seconds, service)).toEqual(
      rejected(
        "InvalidSignatureException",
        `Signature not yet current: 20260715T090000Z is still later than ${limit}`,
      ),
    );
  });

  test("a presigned URL that is older than a header may be, whatever X-Amz-Expires says", async () => {
    const request = await signRequest({ presigned: true });
    expect(request.url).toContain("X-Amz-Expires=3600");
    expect(createVerifier().verify(request, new Date(+SIGNED_AT + 301_000))).toMatchObject({
      message: expect.stringMatching("^Signature expired: "),
    });
  });

  test.each<[string, ToSign, string]>([
    [
      "service",
      { service: "dynamodb" },
      "Credential should be scoped to correct service: 'execute-api'. ",
    ],
    [
      "region",
      { region: "eu-west-1" },
      "Credential should be scoped to a valid region, not 'eu-west-1'. ",
    ],
  ])("a credential for another %s", async (_, toSign, message) => {
    expect(createVerifier().verify(await signRequest(toSign), SIGNED_AT)).toEqual(
      rejected("InvalidSignatureException", message),
    );
  });

  test("a credential that is wrong in every part, naming them all", async () => {
    const scope = "local/20260714/eu-west-1/s3/aws5_request";
    const change = (value: string) => value.replace(/Credential=[^,]*/, `Credential=${scope}`);
    expect(await verifyAuthorization(change)).toEqual(
      rejected(
        "InvalidSignatureException",
        "Credential should be scoped to a valid region, not 'eu-west-1'. Credential should be scoped to correct service: 'execute-api'. Credential should be scoped with a valid terminator: 'aws4_request', not 'aws5_request'. Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '20260714' != '20260715', from '20260715T090000Z'. ",
      ),
    );
  });

  test.each<[string, ToSign["credentials"]]>([
    ["an access key id that nobody has", { accessKeyId: "AKIAX", secretAccessKey: "local" }],
    ["temporary credentials without their token", { ...TEMPORARY, sessionToken: "" }],
    ["temporary credentials with another token", { ...TEMPORARY, sessionToken: "to/k+en=" }],
  ])("%s", async (_, credentials = TEMPORARY) => {
    const verdict = rejected("UnrecognizedClientException", INVALID_TOKEN);
    for (const presigned of [false, true]) {
      const request = await signRequest({ credentials, presigned });
      expect(createVerifier().verify(request, SIGNED_AT)).toEqual(verdict);
    }
  });

  test("no token next to lasting credentials: it is ignored", async () => {
    const credentials = { accessKeyId: "local", secretAccessKey: "local", sessionToken: "token" };
    for (const presigned of [false, true]) {
      const request = await signRequest({ credentials, presigned });
      const verdict = createVerifier().verify(request, SIGNED_AT);
      expect(verdict).toEqual({ ok: true, accessKeyId: "local" });
    }
  });

  test("the right access key id with another secret", async () => {
    const credentials = { accessKeyId: "local", secretAccessKey: "Local" };
    expect(createVerifier().verify(await signRequest({ credentials }), SIGNED_AT)).toEqual(
      rejected("InvalidSignatureException", MISMATCH),
    );
  });

  test("a payload that is not signed", async () => {
    const headers = { "x-amz-content-sha256": "UNSIGNED-PAYLOAD" };
    expect(createVerifier().verify(await signRequest({ headers }), SIGNED_AT)).toEqual(
      rejected("InvalidSignatureException", MISMATCH),
    );
  });

  test.each(["Signature=", "Signature=0", `Signature=${"0".repeat(64)}`, "Signature=é"])(
    "the signature %s",
    async (signature) => {
      const change = (value: string) => value.replace(/Signature=.*/, signature);
      expect(await verifyAuthorization(change)).toMatchObject({ ok: false });
    },
  );
});
