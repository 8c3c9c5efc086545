import { createId } from "../../../local-gateway/ids.ts";

test("an id is 11 bytes in base64url with one =", () => {
  const id = createId();
  expect(id).toMatch(/^[\w-]{15}=$/);
  expect(Buffer.from(id, "base64url")).toHaveLength(11);
});

test("no two ids are equal", () => {
  const ids = Array.from({ length: 1000 }, () => createId());
  expect(new Set(ids).size).toBe(ids.length);
});
