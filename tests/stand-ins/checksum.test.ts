import { createHash, createHmac } from "node:crypto";
import { Sha256 } from "../../src/stand-ins/checksum.ts";

const encode = (text: string) => new TextEncoder().encode(text);

async function digest(hash: Sha256, ...texts: readonly string[]): Promise<string> {
  for (const text of texts) {
    hash.update(encode(text));
  }
  return Buffer.from(await hash.digest()).toString("hex");
}

describe("the checksum of the built function", () => {
  test("is SHA-256 without a secret", async () => {
    const expected = createHash("sha256").update("one two").digest("hex");
    await expect(digest(new Sha256(), "one ", "two")).resolves.toBe(expected);
  });

  test.each([["AWS4secret"], [encode("AWS4secret")]])("is HMAC with a secret", async (secret) => {
    const expected = createHmac("sha256", secret).update("one two").digest("hex");
    await expect(digest(new Sha256(secret), "one ", "two")).resolves.toBe(expected);
  });

  test("begins anew with the same secret once it is reset", async () => {
    const hash = new Sha256("secret");
    hash.update(encode("forgotten"));
    hash.reset();
    const expected = createHmac("sha256", "secret").update("kept").digest("hex");
    await expect(digest(hash, "kept")).resolves.toBe(expected);
  });
});
