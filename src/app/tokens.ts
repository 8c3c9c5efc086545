/** The names under which the container holds the ports' adapters. Use cases are held under their own classes. */
export const TOKENS = {
  CONNECTION_STORE: Symbol("ConnectionStore"),
  MESSAGE_SENDER: Symbol("MessageSender"),
  TOKEN_VERIFIER: Symbol("TokenVerifier"),
  CLOCK: Symbol("Clock"),
  WAIT: Symbol("Wait"),
} as const;
