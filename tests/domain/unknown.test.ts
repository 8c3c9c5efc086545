import { Unknown } from "../../src/domain/use-cases/unknown.ts";

test("Unknown says that there is no such route", () => {
  expect(new Unknown().execute()).toBe("Undefined Route Detected!");
});
