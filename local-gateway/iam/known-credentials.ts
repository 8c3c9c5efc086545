/** The secret behind an access key id. Temporary credentials have a session token, which every request then brings. */
export interface KnownCredentials {
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}
