import type { KnownCredentials } from "../sigv4/verify.ts";
import type { Principal } from "./principal.ts";

interface Entry {
  readonly credentials: KnownCredentials;
  readonly principal: Principal;
}

/** The access key id of the person at this machine, which is also the secret. */
const DEVELOPER = "local";

/** Who may sign requests, by access key id: the developer with `local` / `local`, and each function once it is added. */
export class Principals {
  readonly #entries = new Map<string, Entry>([
    [DEVELOPER, { credentials: { secretAccessKey: DEVELOPER }, principal: { kind: "developer" } }],
  ]);

  /**
   * Makes a principal known under its credentials.
   *
   * @throws {Error} when the access key id is known already
   */
  add(
    principal: Principal,
    { accessKeyId, ...credentials }: KnownCredentials & { readonly accessKeyId: string },
  ): void {
    if (this.#entries.has(accessKeyId)) {
      throw new Error(`The access key id ${accessKeyId} belongs to another principal.`);
    }
    this.#entries.set(accessKeyId, { credentials, principal });
  }

  /** What the owner of this access key id signs with; undefined for an id that nobody has. */
  findCredentials(accessKeyId: string): KnownCredentials | undefined {
    return this.#entries.get(accessKeyId)?.credentials;
  }

  /** Who owns this access key id; undefined for an id that nobody has. */
  find(accessKeyId: string): Principal | undefined {
    return this.#entries.get(accessKeyId)?.principal;
  }
}
