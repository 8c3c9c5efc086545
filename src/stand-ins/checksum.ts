import { createHash, createHmac, createSecretKey } from "node:crypto";

/**
 * Stands in for `@smithy/core/checksum`, which brings SHA-256 along in JavaScript, for a Node without it. This is Node's
 * own, as the SDK's signer uses it: a hash, or with a secret a message authentication code.
 */
export class Sha256 {
  readonly #secret: string | Uint8Array | undefined;
  #hash: ReturnType<typeof createHash | typeof createHmac>;

  constructor(secret?: string | Uint8Array) {
    this.#secret = secret;
    this.#hash = this.#begin();
  }

  update(data: Uint8Array): void {
    this.#hash.update(data);
  }

  async digest(): Promise<Uint8Array> {
    return new Uint8Array(this.#hash.digest());
  }

  reset(): void {
    this.#hash = this.#begin();
  }

  #begin(): ReturnType<typeof createHash | typeof createHmac> {
    const secret = this.#secret;
    if (secret === undefined) {
      return createHash("sha256");
    }
    // Given bytes, Node first tries whether they are a key object, by an error that is four times as dear as the rest.
    return createHmac("sha256", typeof secret === "string" ? secret : createSecretKey(secret));
  }
}
