/** What there is to read in a message: its text, or all of it as JSON when it comes from another kind of client. */
export function messageText(data: unknown): string {
  const text = typeof data === "object" && data !== null && "text" in data ? data.text : data;
  return typeof text === "string" ? text : JSON.stringify(data, null, 2);
}
