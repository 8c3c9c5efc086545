import { diffLines } from "../../../local-gateway/replay/line-diff.ts";
import { Masks } from "../../../local-gateway/replay/masks.ts";

const UUIDS = ["6b2f0c1e-8a57-4d7b-9f58-3d2f6f7a1c01", "0c9e2f64-5b1a-4e0f-8d55-b2a6f0f1c702"];

test("the same id has the same mask, in the order in which ids appear", () => {
  const masks = new Masks(Date.now());
  masks.begin('{"connectionId":"C51DherHNjMCI3Q="}');
  expect(masks.mask(`C51DherHNjMCI3Q= ${UUIDS[0]} ${UUIDS[1]} ${UUIDS[0]}`, "recorded")).toBe(
    "<id 1> <id 1.1> <id 1.2> <id 1.1>",
  );
  expect(masks.mask(`${UUIDS[1]} C51DherHNjMCI3Q=`, "replayed")).toBe("<id 1.1> <id 1>");
});

test("an id that is made additionally changes no mask of a later event", () => {
  const masks = new Masks(Date.now());
  masks.begin("{}");
  masks.mask(`${UUIDS[0]}`, "replayed");
  masks.begin("{}");
  expect(masks.mask(`${UUIDS[1]}`, "replayed")).toBe("<id 2.1>");
  expect(masks.mask(`${UUIDS[1]}`, "recorded")).toBe("<id 2.1>");
});

test("an event that brings an id which a function made gets the one of today's code", () => {
  const masks = new Masks(Date.now());
  masks.begin("{}");
  masks.mask(`${UUIDS[0]}`, "recorded");
  masks.mask(`${UUIDS[1]}`, "replayed");
  const { number, text } = masks.begin(`{"read":"${UUIDS[0]}","other":"C51DherHNjMCI3Q="}`);
  expect(number).toBe(2);
  expect(text).toBe(`{"read":"${UUIDS[1]}","other":"C51DherHNjMCI3Q="}`);
});

test("times near the recording and now are masked, in every form, and other numbers are not", () => {
  const now = Date.now();
  const masks = new Masks(now - 1_000);
  const times = [now, Math.floor(now / 1000), `${now / 1000}`, new Date(now).toISOString()];
  for (const time of times) {
    expect(masks.mask(`at ${time}.`, "recorded")).toMatch(/^at <time>\.$/);
  }
  const others = "1234567890 1234567890123 2001-01-01T00:00:00Z 42 12345678901 v1.2.3";
  expect(masks.mask(others, "recorded")).toBe(others);
});

test("durations are masked by their names, also in JSON that is in JSON", () => {
  const masks = new Masks(Date.now());
  const text = String.raw`{"expiresIn":7799,"body":"{\"elapsed\":3.5,\"count\":3}"}`;
  expect(masks.mask(text, "recorded")).toBe(
    String.raw`{"expiresIn":<time>,"body":"{\"elapsed\":<time>,\"count\":3}"}`,
  );
});

test("a diff has the lines that differ, with a few others around them", () => {
  const lines = "a b c d e f g h i j".split(" ");
  expect(diffLines(lines, lines)).toEqual([]);
  expect(diffLines(lines, lines.with(4, "x"))).toEqual(["  c", "  d", "- e", "+ x", "  f", "  g"]);
  expect(diffLines(lines, lines.with(0, "x").with(9, "y"))).toEqual([
    "- a",
    "+ x",
    "  b",
    "  c",
    "  …",
    "  h",
    "  i",
    "- j",
    "+ y",
  ]);
  const nested = ["POST", "  a", "  b", "  c", "  d", "  e"];
  expect(diffLines(nested, nested.with(5, "  x"))).toEqual([
    "  POST",
    "  …",
    "    c",
    "    d",
    "-   e",
    "+   x",
  ]);
  expect(diffLines([], ["x"])).toEqual(["+ x"]);
  expect(diffLines(["x"], [])).toEqual(["- x"]);
});
