/** What a caller sees of a refusal. */
export async function refusalOf(response: Response) {
  const errorType = response.headers.get("x-amzn-errortype");
  return { status: response.status, errorType, body: await response.json() };
}
