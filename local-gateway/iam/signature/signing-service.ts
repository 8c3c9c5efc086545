/** The services that requests are signed for, as the credential scope names them. */
export type SigningService = "execute-api" | "dynamodb" | "lambda";
