import { readFile } from "node:fs/promises";
import { PROBES } from "../../conformance/probes.ts";

const PAGE = new URL("../../docs/api-gateway.md", import.meta.url);
const ROW = /^\| `([^`]+)` \| (.+) \| \[[^\]]+\]\[([^\]]+)\] \| (.+) \|$/;
const LINK = /^\[(.+)\]: https:\S+$/gm;

/** The rows of a page. */
function rowsOf(page: string) {
  const lines = page.split("\n").filter((line) => line.startsWith("| `"));
  return lines.map((line) => {
    const [, id, , source, confidence = ""] = ROW.exec(line) ?? [];
    return {
      id,
      source,
      confidence: confidence.split(":", 1)[0],
      reason: confidence.split(": ")[1],
    };
  });
}

test("every row of the page has its probe, with the same confidence, and every probe its row", async () => {
  const rows = rowsOf(await readFile(PAGE, "utf8"));
  expect(rows.map(({ id, confidence }) => ({ id, confidence }))).toEqual(
    PROBES.map(({ id, confidence }) => ({ id, confidence })),
  );
});

test("no two rows have the same id, and every id is short and in kebab case", async () => {
  const ids = rowsOf(await readFile(PAGE, "utf8")).map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) {
    expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+){0,6}$/);
  }
});

test("a row says why when it is our default, and only then", async () => {
  for (const { confidence, reason } of rowsOf(await readFile(PAGE, "utf8"))) {
    expect(reason !== undefined).toBe(confidence === "our default");
  }
});

test("every source is a link of the page, and every link a source", async () => {
  const page = await readFile(PAGE, "utf8");
  const links = [...page.matchAll(LINK)].map(([, name]) => name);
  const sources = new Set(rowsOf(page).map(({ source }) => source));
  expect([...sources].sort()).toEqual(links.sort());
});
