/** What a caller sees of a rejection. */
export async function rejectionOf(response: Response) {
  const errorType = response.headers.get("x-amzn-errortype");
  return { status: response.status, errorType, body: await response.json() };
}
