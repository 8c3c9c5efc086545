/**
 * Why a request counts as not signed, in AWS's words. `errorType` is what SDKs know the error by. API Gateway and
 * Lambda send it with status 403, DynamoDB with 400.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html
 */
export interface SignatureRefusal {
  readonly outcome: "refused";
  readonly errorType:
    | "MissingAuthenticationTokenException"
    | "IncompleteSignatureException"
    | "UnrecognizedClientException"
    | "InvalidSignatureException";
  readonly message: string;
}
