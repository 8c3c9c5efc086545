/** A request as it was received, with the names that Node's `IncomingMessage` has for its parts, and the whole body. */
export interface SignedRequest {
  readonly method: string;
  /** The request target, for example `/dev/@connections/Nq3xYd7RiYcCG4A%3D?x=1`. */
  readonly url: string;
  /** Names and values in turn. */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
}
