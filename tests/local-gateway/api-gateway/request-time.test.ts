import { requestTime } from "../../../local-gateway/api-gateway/events.ts";

test.each([
  ["2026-07-15T09:00:04.508Z", "15/Jul/2026:09:00:04 +0000"],
  ["2024-02-29T23:59:59.999Z", "29/Feb/2024:23:59:59 +0000"],
  ["2025-12-31T00:00:00.000Z", "31/Dec/2025:00:00:00 +0000"],
])("%s is written %s", (moment, text) => {
  expect(requestTime(Date.parse(moment))).toBe(text);
});
