/**
 * The decoded query parameters of a URL, each name once with all of its values; empty when there is no query string.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-integration-requests.html
 */
export function queryParameters(url: string): [name: string, values: string[]][] {
  const start = url.indexOf("?");
  if (start === -1) {
    return [];
  }
  const parameters = new URLSearchParams(url.slice(start + 1));
  return [...new Set(parameters.keys())].map((name) => [name, parameters.getAll(name)]);
}
