import { env } from "node:process";
import { RelayFailure } from "../domain/failures.ts";

/** What AWS signs with; `sessionToken` is absent for credentials that are not temporary. */
interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/**
 * Takes the place of the package `@aws-sdk/credential-provider-node` in the bundle, for every client of the SDK. The
 * package also looks for credentials in files, in containers and at sign-in services, and is larger than all the rest of
 * the SDK that a forward needs. Lambda has its function's credentials in the environment, and nowhere else.
 *
 * The promise rejects where they are missing.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
 */
export function defaultProvider(): () => Promise<Credentials> {
  return async () => {
    const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = env;
    if (!AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY) {
      throw new RelayFailure(
        "NO_CREDENTIALS",
        "There are no credentials: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY must be set.",
      );
    }
    return {
      accessKeyId: AWS_ACCESS_KEY_ID,
      secretAccessKey: AWS_SECRET_ACCESS_KEY,
      ...(AWS_SESSION_TOKEN && { sessionToken: AWS_SESSION_TOKEN }),
    };
  };
}
