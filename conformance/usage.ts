/** What `--help` prints. */
export const USAGE = `Examines a gateway: is it what docs/api-gateway.md says of API Gateway?

  npm run conformance -- [options]

Without --url it starts local gateways of its own.

  --url URL             where the application of conformance/template.yaml is deployed
  --management URL      the endpoint of its management API; the same with https:// when absent
  --bare-url URL        where conformance/bare.yaml is deployed
  --authorizer-url URL  where conformance/authorizer.yaml is deployed
  --iam-url URL         where conformance/iam.yaml is deployed
  --throttled-url URL   where conformance/throttled.yaml is deployed
  --region REGION       AWS_REGION when absent, then us-east-1
  --only ID,ID          these rows only
  --skip-slow           leave out what takes minutes on AWS
  --patience S          how many seconds to wait for anything that should happen at once (10)
  --concurrency N       how many rows are examined at the same time (6)
  --help

Requests are signed with AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, or with local / local
where they are not set.`;
