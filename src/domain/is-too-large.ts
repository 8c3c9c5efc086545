/**
 * The longest message that API Gateway takes, in bytes.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html
 */
const LONGEST_MESSAGE = 128 * 1024;
/** No code unit takes more bytes in UTF-8. */
const BYTES_FOR_ONE = 3;

/** Whether `text` is longer than a message may be. Asking first spares a post for each target. */
export function isTooLarge(text: string): boolean {
  return (
    text.length * BYTES_FOR_ONE > LONGEST_MESSAGE &&
    new TextEncoder().encode(text).length > LONGEST_MESSAGE
  );
}
