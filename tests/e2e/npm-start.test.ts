import { exec } from "node:child_process";
import { promisify } from "node:util";
import { NpmStart } from "../support/npm-script.ts";
import { Wscat } from "../support/wscat.ts";

const WHO_AM_I = '{"action":"sendMessageRoute", "data":"who am i"}';

test("npm start holds the founding conversation with two wscat windows, and Ctrl-C still runs $disconnect", async () => {
  await using npmStart = new NpmStart("--port", "0");
  const [, url = ""] = await npmStart.prints(/^Listening on (ws:\/\/127\.0\.0\.1:\d+\/dev)$/);

  await npmStart.prints(new RegExp(`npx wscat -c ${url}$`));
  await npmStart.prints(new RegExp(`${url.replace("ws:", "http:")}/@connections$`));
  await npmStart.prints(
    /aws dynamodb scan --table-name local-ConnectionsTable --endpoint-url http:/,
  );

  await using wscat1 = await Wscat.connect(url);
  await using wscat2 = await Wscat.connect(url);
  wscat1.type(WHO_AM_I);
  const [, id1] = /^< YOUR ID: (\S{15}=)$/.exec(await wscat1.shows()) ?? [];
  wscat2.type(WHO_AM_I);
  const [, id2] = /^< YOUR ID: (\S{15}=)$/.exec(await wscat2.shows()) ?? [];
  expect([id1, id2]).toEqual([expect.any(String), expect.any(String)]);

  wscat1.type(`{"action":"sendMessageRoute", "data":"Hello wscat2!", "forward":"${id2}"}`);
  expect(await wscat2.shows()).toBe("< Hello wscat2!");
  wscat2.type(`{"action":"sendMessageRoute", "data":"Hello wscat1!", "forward":"${id1}"}`);
  expect(await wscat1.shows()).toBe("< Hello wscat1!");
  wscat1.type("");
  expect(await wscat1.shows()).toBe("< Undefined Route Detected!");

  const exited = npmStart.interrupt();
  await npmStart.prints(/"event":"disconnected".*"disconnectStatusCode":1001/);
  expect([0, null]).toContain(await exited);
  expect(await wscat1.shows()).toBe('Disconnected (code: 1001, reason: "Going away")');
}, 30_000);

test("npm start lets three windows see who comes and goes, and a shell close one of them", async () => {
  await using npmStart = new NpmStart("--port", "0");
  const [, url = ""] = await npmStart.prints(/^Listening on (ws:\S+)$/);
  await using alice = await Wscat.connect(`${url}?user=alice`);
  alice.type('{"action":"subscribe","channel":"lobby","presence":true,"id":"s1"}');
  expect(await alice.shows()).toMatch(/^< \{"relay":"subscribed","channels":\[\{"channel":"lobby"/);

  await using bob = await Wscat.connect(`${url}?user=bob`);
  bob.type('{"action":"subscribe","channel":"lobby","presence":true}');
  expect(await alice.shows()).toMatch(/"event":"joined".*"user":"bob"/);
  const carol = await Wscat.connect(`${url}?user=carol&channel=lobby`);
  for (const window of [alice, bob]) {
    expect(await window.shows()).toMatch(/"event":"joined".*"user":"carol"/);
  }
  alice.type('{"action":"members","channel":"lobby"}');
  const members = JSON.parse((await alice.shows()).slice(2));
  expect(members.members.map(({ user }: { user: string }) => user).sort()).toEqual([
    "alice",
    "bob",
    "carol",
  ]);
  await carol[Symbol.asyncDispose]();
  for (const window of [alice, bob]) {
    expect(await window.shows()).toMatch(/"event":"left".*"user":"carol"/);
  }

  const command = "npm run invoke -- events/backend-disconnect.json --url";
  const { stdout } = await promisify(exec)(`${command} http://127.0.0.1:${new URL(url).port}`);
  expect(stdout).toContain('"delivered": 1,');
  expect(await bob.shows()).toMatch(/^< \{"relay":"closed","reason":"[^"]+"\}$/);
  expect(await bob.shows()).toMatch(/^Disconnected/);
  expect(await alice.shows()).toMatch(/"event":"left".*"user":"bob"/);
}, 30_000);

test("npm start serves the chat page with the project's own template, and with no other", async () => {
  await using own = new NpmStart("--port", "0");
  expect(await own.prints(/^ {2}(Page|Connect) /)).toMatchObject({ 1: "Page" });
  const template = "tests/local-gateway/start/fixtures/echo/template.yaml";
  await using foreign = new NpmStart("--port", "0", "--template", template);
  expect(await foreign.prints(/^ {2}(Page|Connect) /)).toMatchObject({ 1: "Connect" });
}, 30_000);
