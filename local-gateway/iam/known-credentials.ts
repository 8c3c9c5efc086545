/** The secret behind an access key id. Temporary credentials have a session token, which every request
 * then brings; next to any others a token is ignored. */
export interface KnownCredentials {
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}
