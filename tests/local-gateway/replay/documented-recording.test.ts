import { readFileSync } from "node:fs";
import { copyNotes, recordNotes } from "./record-notes.ts";

const PAGE = readFileSync("docs/inspector.md", "utf8");

test("docs/inspector.md has a row for each member of a recording's entries, and each kind", async () => {
  const [, table = ""] = /^\| Member \| \|\n\|---\|---\|\n((?:\|.*\n)+)/m.exec(PAGE) ?? [];
  const documented = [...table.matchAll(/^\| `(\w+)` \|/gm)].map(([, member]) => member);
  await using notes = await copyNotes();
  await recordNotes(notes);
  const entries = (await notes.lines()).slice(1, -1);
  const members = new Set(entries.flatMap((entry) => Object.keys(entry)));
  expect(members.size).toBeGreaterThan(12);
  expect(documented).toEqual(expect.arrayContaining([...members]));
  const [row = ""] = /^\| `kind` \|.*$/m.exec(table) ?? [];
  for (const { kind } of entries) {
    expect(row).toContain(`\`${kind}\``);
  }
});

test("the header in docs/inspector.md is that of a recording", async () => {
  await using notes = await copyNotes();
  await recordNotes(notes);
  const [header] = await notes.lines();
  const [, example = "{}"] = /```json\n(.*)\n```/.exec(PAGE) ?? [];
  const { startedAt, ...documented } = JSON.parse(example);
  expect(header).toEqual({ ...documented, startedAt: expect.any(String) });
  expect(new Date(startedAt).toISOString()).toBe(startedAt);
});
