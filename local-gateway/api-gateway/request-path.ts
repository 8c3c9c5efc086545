/**
 * The path of a request target, without the query. The stage `$default` may come percent-encoded, as some clients and
 * SDKs send it: here it is always written plainly.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-stages.html
 */
export function requestPath(url: string): string {
  const [path = ""] = url.split("?", 1);
  return path.replace(/^\/%24default(?=\/|$)/, "/$$default");
}
