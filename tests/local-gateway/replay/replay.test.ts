import { readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { startLocalGateway } from "../../../local-gateway/index.ts";
import { NESTED, SOON } from "../inspector/start-notes.ts";
import { copyNotes, recordNotes } from "./record-notes.ts";

let notes: Awaited<ReturnType<typeof copyNotes>>;
let recorded: string;

beforeAll(async () => {
  notes = await copyNotes();
  await recordNotes(notes);
  recorded = await readFile(notes.file, "utf8");
}, 60_000);

afterAll(() => notes?.[Symbol.asyncDispose]());

/** The application as it was recorded, with the recording. */
async function start() {
  const copy = await copyNotes();
  await writeFile(copy.file, recorded);
  return copy;
}

const ALL = "10 events have run again: all as recorded.\n";

test("the same code does the same: ids and times do not count", async () => {
  await using copy = await start();
  expect(await copy.replay()).toEqual({ code: 0, out: ALL, err: "" });
}, 60_000);

test("a changed answer, post and write are a diff, and the exit code is 1", async () => {
  await using copy = await start();
  await copy.edit({
    "at: { N: String(Date.now()) } };": "at: { N: String(Date.now()) }, by: { S: connectionId } };",
    "JSON.stringify({ id, text: note,": "JSON.stringify({ id, note,",
    "throw new TypeError(`cannot use ${body}`);": "return { statusCode: 400 };",
  });
  const { code, out, err } = await copy.replay();
  expect({ code, err }).toEqual({ code: 1, err: "" });
  expect(out).toMatch(/^10 events have run again: 6 differ\.\n$/m);
  const [kept] = out.split(/^(?=event )/m);
  expect(kept).toBe(`event 3: say of NotesFunction, connection <id 3>
  posts
      POST <id 3> → 200
        {
          "at": <time>,
          "id": "<id 3.1>",
    -     "text": "kept"
    +     "note": "kept"
        }
  writes
      PutItem
      …
              "N": "<time>"
            },
    +       "by": {
    +         "S": "<id 3>"
    +       },
            "id": {
              "S": "<id 3.1>"
`);
  expect(out).toContain(`  answer
      {
    -   "errorMessage": "cannot use {\\"action\\":\\"fail\\"}",
    -   "errorType": "TypeError"
    +   "statusCode": 400
      }
`);
}, 60_000);

test("a note that today's code does not find is a difference", async () => {
  await using copy = await start();
  await copy.edit({ "Key: { id: { S: id } }": "Key: { id: { S: 'x' + id } }" });
  expect((await copy.replay()).out).toContain('    +     "text": "none"\n');
}, 60_000);

test("a post is answered as it was then, and a new one with 200 or 410", async () => {
  await using copy = await start();
  await copy.edit({
    "return { statusCode: error instanceof GoneException ? 410 : 500 };":
      "return { statusCode: 200, body: error instanceof GoneException ? ConnectionId : error.name };",
  });
  const { out } = await copy.replay();
  expect(out).toMatch(/- {3}"statusCode": 410\n {4}\+ {3}"body": "<id \d+>",\n/);
  await copy.edit({
    'if (routeKey === "fail") {':
      "if (routeKey === \"fail\") {\n    await send('C51DherHNjMCI3Q=', '2');\n    return await send(connectionId, '1');",
  });
  // Posts are sorted by connection ids, of which one is new in each recording.
  const { out: posts } = await copy.replay();
  expect(posts).toMatch(/^ {4}\+ POST <id 9\.1> → 410\n {4}\+ {3}2$/m);
  expect(posts).toMatch(/^ {4}\+ POST <id \d+> → 200\n {4}\+ {3}1$/m);
}, 60_000);

test("a function that another one has invoked is not run twice", async () => {
  const file = join(dirname(notes.file), "nested.jsonl");
  const gateway = await startLocalGateway({ template: NESTED, record: file, onLine: () => {} });
  const client = await gateway.connect(SOON);
  client.send("hello");
  expect(await client.next()).toBe('"inner: hello"');
  await gateway.close();
  const { out } = await notes.replay(file, "--template", NESTED);
  expect(out).toBe("1 event has run again: all as recorded.\n");
}, 60_000);

test("a function that the template no longer has is a difference", async () => {
  await using copy = await start();
  const template = await readFile(copy.template, "utf8");
  await writeFile(copy.template, template.replaceAll("NotesFunction", "OtherFunction"));
  const { code, out } = await copy.replay();
  expect(code).toBe(1);
  expect(out).toContain("  The template has no function NotesFunction.\n");
  expect(out).toContain("10 events have run again: 10 differ.");
}, 60_000);

describe("the command rejects", () => {
  const lines = () => recorded.trimEnd().split("\n");
  const CUT_OFF = "it is cut off after line 4: the gateway has not ended, or was killed.";

  test.each<[string, () => string, string]>([
    ["an empty file", () => "", "the file is empty."],
    ["a file that is not a recording", () => "{}\n", "it is not a recording: the first line is"],
    ["a file that is not JSON", () => "\u0000\u0001\n", "it is not a recording: the first line is"],
    [
      "another version",
      () => recorded.replace('"version":1', '"version":2'),
      "it is of version 2, and this program reads version 1.",
    ],
    ["a recording without its end", () => `${lines().slice(0, 4).join("\n")}\n`, CUT_OFF],
    ["a line that is cut off", () => recorded.slice(0, 2_000), "is cut off, or not JSON."],
    [
      "a line that is not an entry",
      () => recorded.replace('"kind":"opened"', '"kind":"opened up"'),
      "is not an entry.",
    ],
    ["a recording with a line too few", () => lines().toSpliced(3, 1).join("\n"), "were written."],
  ])("%s", async (_, text, sentence) => {
    await using copy = await copyNotes();
    await writeFile(copy.file, text());
    const { code, out, err } = await copy.replay();
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toContain(`The recording ${copy.file} cannot be replayed: `);
    expect(err).toContain(sentence);
    expect(err).toMatch(/^[^\n]* \[RECORDING_UNREADABLE\]\n$/);
  });

  test("a file that is not there", async () => {
    const { code, err } = await notes.replay("missing.jsonl");
    expect(code).toBe(1);
    expect(err).toMatch(/^The recording missing\.jsonl cannot be replayed: ENOENT[^\n]*\n$/);
  });

  test("options that do not say which functions run, and a missing file", async () => {
    const port = await notes.replay(notes.file, "--port", "3300");
    expect(port.err).toBe(
      "replay does not take --port: it takes --template, --api, --stage, --parameter-overrides, --env-vars. [INVALID_OPTION]\n",
    );
    const none = await notes.replay("--template");
    expect(none.err).toMatch(/^replay takes a recording first, [^\n]* \[INVALID_OPTION\]\n$/);
    expect([port.code, none.code]).toEqual([1, 1]);
  });
});
