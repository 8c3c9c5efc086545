const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

/**
 * A moment as events write it, `15/Jul/2026:09:00:04 +0000`, always in UTC.
 *
 * @param epoch in milliseconds
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-mapping-template-reference.html
 */
export function requestTime(epoch: number): string {
  const moment = new Date(epoch);
  const [date = "", time = ""] = moment.toISOString().split("T");
  const [year, , day] = date.split("-");
  return `${day}/${MONTHS[moment.getUTCMonth()]}/${year}:${time.slice(0, 8)} +0000`;
}
