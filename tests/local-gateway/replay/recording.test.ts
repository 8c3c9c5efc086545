import { chmod, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startLocalGateway } from "../../../local-gateway/index.ts";
import { SOON } from "../inspector/start-notes.ts";
import { copyNotes, recordNotes } from "./record-notes.ts";

test("a session is recorded as lines of JSON, from a header to an end", async () => {
  await using notes = await copyNotes();
  await recordNotes(notes);
  const [header, ...lines] = await notes.lines();
  expect(header).toEqual({
    format: "websocket-api-local recording",
    version: 1,
    startedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    region: "us-east-1",
  });
  const end = lines.pop();
  expect(end).toEqual({ end: true, entries: lines.length });
  expect(lines.map(({ id }) => id)).toEqual(lines.map((_line, index) => index + 1));
  const connect = lines.find(({ kind }) => kind === "event");
  expect(JSON.parse(String(connect?.text))).toMatchObject({
    queryStringParameters: { token: "a-token" },
  });
  // Also what the functions do while the gateway closes.
  expect(lines.filter(({ kind }) => kind === "closed")).toHaveLength(2);
});

test("the file is for its owner alone, also when an earlier recording was not", async () => {
  await using notes = await copyNotes();
  const options = { template: notes.template, record: notes.file, onLine: () => {} };
  await (await startLocalGateway(options)).close();
  expect((await stat(notes.file)).mode & 0o777).toBe(0o600);
  await chmod(notes.file, 0o644);
  await using gateway = await startLocalGateway(options);
  await gateway.connect(SOON);
  await gateway.close();
  expect((await stat(notes.file)).mode & 0o777).toBe(0o600);
  expect((await notes.lines()).filter(({ format }) => format !== undefined)).toHaveLength(1);
});

test("a file with something else in it is not written over", async () => {
  await using notes = await copyNotes();
  const { template } = notes;
  const before = await readFile(template, "utf8");
  await expect(startLocalGateway({ template, record: template })).rejects.toMatchObject({
    code: "RECORDING_NOT_WRITTEN",
    message: `The recording ${template} cannot be written: there is something else in it than a recording.`,
  });
  expect(await readFile(template, "utf8")).toBe(before);
});

test("a recording that cannot be written is an error before anything starts", async () => {
  await using notes = await copyNotes();
  const { template } = notes;
  for (const record of [join(notes.file, "x"), join(template, ".."), join(template, "../no/x")]) {
    const started = startLocalGateway({ template, record, onLine: () => {} });
    await expect(started).rejects.toMatchObject({ code: "RECORDING_NOT_WRITTEN" });
  }
  await writeFile(notes.file, "");
  await using _gateway = await startLocalGateway({ template, record: notes.file, quiet: true });
});
