import { createHmac, createSecretKey, type KeyObject } from "node:crypto";
import type { CredentialScope } from "./credential-scope.ts";

interface SigningKey {
  readonly date: string;
  readonly secretAccessKey: string;
  /** A key object, because setting up a key from its bytes takes longer than signing with it. */
  readonly key: KeyObject;
}

/** The signing keys of one region and service, one for each access key id: that of the day it was used last. */
export class SigningKeys {
  readonly #keys = new Map<string, SigningKey>();

  /**
   * Derives the key that signs under `scope`, or takes the one that it derived before.
   *
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html#derive-signing-key
   */
  key(
    secretAccessKey: string,
    { accessKeyId, date, region, service, terminator }: CredentialScope,
  ): KeyObject {
    const known = this.#keys.get(accessKeyId);
    if (known?.date === date && known.secretAccessKey === secretAccessKey) {
      return known.key;
    }
    let bytes = Buffer.from(`AWS4${secretAccessKey}`);
    for (const part of [date, region, service, terminator]) {
      bytes = createHmac("sha256", bytes).update(part).digest();
    }
    const key = createSecretKey(bytes);
    this.#keys.set(accessKeyId, { date, secretAccessKey, key });
    return key;
  }
}
