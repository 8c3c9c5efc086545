/** What a request says about its own signature. None of it is checked yet, and none of it is empty. */
export interface SignatureClaim {
  readonly algorithm: string;
  /** `accessKeyId/date/region/service/aws4_request`. */
  readonly credential: string;
  /** The names of the signed headers, joined with semicolons. */
  readonly signedHeaders: string;
  /** In hexadecimal digits. */
  readonly signature: string;
  /** When it was signed, in the sender's own format. */
  readonly date: string;
  readonly sessionToken: string | undefined;
  /** True when the signature is in the query string, false when it is in the Authorization header. */
  readonly presigned: boolean;
}
