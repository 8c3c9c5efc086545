import fc from "fast-check";
import type { SignedRequest } from "../../../local-gateway/sigv4/canonical-request.ts";
import { createVerifier, TEMPORARY } from "./create-verifier.ts";
import { SIGNED_AT, signRequest, withHeader } from "./sign-request.ts";

const ALPHANUMERICS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".split("");
const anyText = fc.string({ unit: "grapheme", maxLength: 20 });
const visible = fc.string({ unit: "grapheme-ascii", maxLength: 20 });

const anySegment = fc.oneof(
  fc.constantFrom("@connections", "%40connections", "Nq3xYd7RiYcCG4A%3D", "$default", "..", "."),
  anyText.map(encodeURIComponent),
  fc.string({ unit: fc.constantFrom(..."-._~!$&'()*+,;=:@aZ0") }),
);

const anyRequest = fc.record({
  method: fc.constantFrom("GET", "POST", "DELETE", "PUT"),
  path: fc.array(anySegment, { maxLength: 5 }).map((segments) => `/${segments.join("/")}`),
  query: fc.dictionary(
    anyText.map((name) => `q${name}`),
    anyText,
    { maxKeys: 5, noNullPrototype: true },
  ),
  headers: fc.dictionary(fc.stringMatching(/^x-[a-z]{1,8}$/), visible, { noNullPrototype: true }),
  body: anyText,
  credentials: fc.constantFrom(TEMPORARY, { accessKeyId: "local", secretAccessKey: "local" }),
  presigned: fc.boolean(),
});

/** Every part of the request that a signature covers, and how to change it. */
const PARTS: Record<
  string,
  (request: SignedRequest, change: (text: string) => string) => SignedRequest
> = {
  method: (request, change) => ({ ...request, method: change(request.method) }),
  url: (request, change) => ({ ...request, url: `/${change(request.url.slice(1))}` }),
  body: (request, change) => ({ ...request, body: Buffer.from(change(request.body.toString())) }),
  host: (request, change) => withHeader(request, "host", change),
  note: (request, change) => withHeader(request, "x-note", change),
  date: (request, change) => withHeader(request, "x-amz-date", change),
  token: (request, change) => withHeader(request, "x-amz-security-token", change),
  hash: (request, change) => withHeader(request, "x-amz-content-sha256", change),
  authorization: (request, change) => withHeader(request, "authorization", change),
};

describe("SignatureVerifier", () => {
  test("verifies whatever the SDK's signer signs", async () => {
    const verifier = createVerifier();
    await fc.assert(
      fc.asyncProperty(anyRequest, async (toSign) => {
        const request = await signRequest(toSign);
        expect(verifier.verify(request, SIGNED_AT)).toEqual({
          ok: true,
          accessKeyId: toSign.credentials.accessKeyId,
        });
      }),
      { numRuns: 300 },
    );
  });

  test.each(Object.entries(PARTS))(
    "rejects a request with one other character in its %s",
    async (_, replace) => {
      const signed = await signRequest({
        query: { page: "two", room: "blue" },
        headers: { "x-note": "Something" },
        credentials: TEMPORARY,
      });
      const verifier = createVerifier();
      expect(verifier.verify(signed, SIGNED_AT)).toMatchObject({ ok: true });
      fc.assert(
        fc.property(fc.nat(), fc.constantFrom(...ALPHANUMERICS), (position, character) => {
          const changed = replace(signed, (text) => {
            const index = position % text.length;
            return text.slice(0, index) + character + text.slice(index + 1);
          });
          fc.pre(JSON.stringify(changed) !== JSON.stringify(signed));
          expect(verifier.verify(changed, SIGNED_AT)).toMatchObject({ ok: false });
        }),
        { numRuns: 300 },
      );
    },
  );

  test("rejects a request with anything added to it or taken from it", async () => {
    const signed = await signRequest({ headers: { "x-note": "Something" } });
    const changed: SignedRequest[] = [
      { ...signed, url: `${signed.url}?a` },
      { ...signed, url: `${signed.url}/a` },
      { ...signed, url: signed.url.slice(0, -1) },
      { ...signed, body: Buffer.alloc(0) },
      { ...signed, body: Buffer.concat([signed.body, Buffer.alloc(1)]) },
      { ...signed, rawHeaders: [...signed.rawHeaders, "Host", "127.0.0.1:3300"] },
      { ...signed, rawHeaders: [...signed.rawHeaders, "X-Note", ""] },
      withHeader(signed, "x-note", () => undefined),
      withHeader(signed, "host", () => undefined),
    ];
    const verifier = createVerifier();
    for (const request of changed) {
      expect(verifier.verify(request, SIGNED_AT)).toMatchObject({ ok: false });
    }
  });

  test("rejects requests of any shape without throwing", () => {
    const verifier = createVerifier();
    const value = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom("AWS4-HMAC-SHA256", "20260715T090000Z", "AWS4-HMAC-SHA256 Credential=a/b"),
    );
    const name = fc.constantFrom(
      "authorization",
      "host",
      "date",
      "x-amz-date",
      "x-amz-security-token",
    );
    const request = fc.record({
      method: fc.string(),
      url: fc
        .tuple(fc.constantFrom("", "/?", "/?X-Amz-Algorithm=", "/?X-Amz-Algorithm=%"), value)
        .map((parts) => parts.join("")),
      rawHeaders: fc.array(fc.tuple(name, value)).map((headers) => headers.flat()),
      body: fc.uint8Array().map((bytes) => Buffer.from(bytes)),
    });
    fc.assert(
      fc.property(request, (any) => {
        expect(verifier.verify(any, SIGNED_AT)).toMatchObject({ ok: false });
      }),
      { numRuns: 1_000 },
    );
  });
});
