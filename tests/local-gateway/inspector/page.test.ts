import { readFile } from "node:fs/promises";
import { testInBrowser } from "../../demo/support/test-in-browser.ts";
import { startPage } from "./inspector-page.ts";
import { SOON } from "./start-notes.ts";

testInBrowser(
  "what happens shows at once, and an opened entry has its event and lines",
  async () => {
    await using started = await startPage();
    const inspector = await started.open();
    const client = await started.gateway.connect({ ...SOON, query: { token: "a-token" } });
    client.sendJson({ action: "say", text: "a-text" });
    await client.next();
    await inspector.rows("Result", "say").waitFor();
    await inspector.rows("Post", "200").waitFor();
    await inspector.connection(client.connectionId).getByText("open").waitFor();
    expect(await inspector.page.content()).not.toMatch(/a-token|a-text/);

    await inspector.rows("Event", "$connect").click();
    await inspector.entry.getByText("Values are masked").waitFor();
    await inspector.page.getByLabel("Show bodies").check();
    await inspector.entry.getByText('"token": "a-token"').first().waitFor();
    await inspector.entry
      .getByRole("region", { name: "Lines" })
      .getByText("token a-token")
      .waitFor();
    await inspector.rows("Frame in", "a-text").waitFor();
    await inspector.entry.getByRole("button", { name: /Opened/ }).click();
    await inspector.entry.getByRole("heading", { name: /^Opened/ }).waitFor();

    await client.close(4001, "enough");
    await inspector.connection(client.connectionId).getByText("closed 4001").waitFor();
    await inspector.page.getByLabel("Show bodies").uncheck();
    await inspector.rows("Closed", "4001").waitFor();
    // The entry and the rows come anew, each when the gateway has answered.
    await inspector.page.waitForFunction("!/a-token|a-text/.test(document.body.outerHTML)");
    expect(await inspector.page.content()).not.toMatch(/a-token|a-text/);
    expect(inspector.problems).toEqual([]);
  },
);

testInBrowser("entries are filtered by connection, by route and by failure", async () => {
  await using started = await startPage();
  const inspector = await started.open();
  const { page } = inspector;
  const [alice, bob] = [await started.gateway.connect(SOON), await started.gateway.connect(SOON)];
  alice.sendJson({ action: "say", text: "x", to: bob.connectionId });
  await bob.next();
  bob.sendJson({ action: "fail" });
  await bob.next();
  await inspector.rows("Frame out").waitFor();

  await inspector.connection(alice.connectionId).click();
  await page
    .getByRole("status")
    .getByText(/entries match/)
    .waitFor();
  // Also what her message has caused: a post to another connection.
  await inspector.rows("Post", bob.connectionId.slice(0, 8)).waitFor();
  expect(await inspector.rows("fail").count()).toBe(0);
  await page.getByLabel("Route").selectOption("say");
  expect(await inspector.rows("Opened").count()).toBe(0);
  expect(await inspector.rows("Database", "PutItem notes").count()).toBe(1);

  await page.getByLabel("Route").selectOption("all");
  await page.getByRole("combobox", { name: "Connection" }).selectOption("all");
  await page.getByLabel("Failures only").check();
  expect(await inspector.rows().allInnerTexts()).toEqual([
    expect.stringMatching(/Log\n.*\nERROR/s),
    expect.stringContaining("TypeError"),
    expect.stringContaining("Internal server error"),
  ]);
  expect(inspector.problems).toEqual([]);
});

testInBrowser(
  "a frame is sent, an event run again and a connection closed from the page",
  async () => {
    await using started = await startPage();
    const inspector = await started.open();
    const { page } = inspector;
    const client = await started.gateway.connect(SOON);
    await inspector.connection(client.connectionId).click();
    await page.getByLabel("Send a frame as this client").fill('{"action":"echo"}');
    await page.getByRole("button", { name: "Send" }).click();
    expect(await client.next()).toBe('{"action":"echo"}');

    await inspector.rows("Event", "$default").click();
    await inspector.entry.getByRole("button", { name: "Run again" }).click();
    await inspector.entry.getByRole("region", { name: "Answer of today's code" }).waitFor();
    await inspector.rows("Run again", "$default").waitFor();
    const downloading = page.waitForEvent("download");
    await inspector.entry.getByRole("link", { name: "Export as a fixture" }).click();
    const download = await downloading;
    expect(download.suggestedFilename()).toBe("default.json");
    expect(JSON.parse(await readFile(await download.path(), "utf8"))).toMatchObject({
      requestContext: { connectionId: client.connectionId, routeKey: "$default" },
      body: '{"action":"echo"}',
    });

    await page.getByRole("textbox", { name: "Code" }).fill("2");
    await page.getByRole("button", { name: "Close the connection" }).click();
    await page.getByText("A close code is 1000 to 1003").last().waitFor();
    await page.getByRole("textbox", { name: "Code" }).fill("4567");
    await page.getByLabel("Reason").fill("from the page");
    await page.getByRole("button", { name: "Close the connection" }).click();
    expect(await client.closed).toEqual({ code: 4567, reason: "from the page" });
    // The rejected close is an answer with the status 400, which a browser notes.
    expect(inspector.problems.filter((problem) => !problem.includes("400"))).toEqual([]);
  },
);

testInBrowser(
  "of ten thousand entries at most 500 have rows, and the older ones are a click away",
  async () => {
    await using started = await startPage();
    const client = await started.gateway.connect(SOON);
    client.sendJson({ lines: 10_500 });
    await client.next();
    const inspector = await started.open();
    const { page } = inspector;
    await inspector.rows("Result", "$default").waitFor();
    await page.getByText("(10,000 in all)").waitFor();
    expect(await inspector.rows().count()).toBe(200);
    for (const step of ["Older", "Older", "Newer"]) {
      await page.getByRole("button", { name: step }).click();
      expect(await inspector.rows().count()).toBe(200);
    }
    await page.getByText("9,651–9,850 of 10,000").waitFor();
    // What comes later moves nothing while somebody reads.
    client.send("later");
    await client.next();
    await page.getByText("(10,000 in all)").waitFor();
    await page.getByLabel("Follow").check();
    await inspector.rows("Frame out").nth(1).waitFor();
    await page.getByRole("combobox", { name: "Connection" }).selectOption(client.connectionId);
    await page.getByLabel("Failures only").check();
    expect(await inspector.rows().count()).toBe(0);
    expect(inspector.problems).toEqual([]);
  },
);

testInBrowser("nothing that a client or a function writes is read as HTML", async () => {
  await using started = await startPage();
  const inspector = await started.open();
  const attack = '<img src=x onerror="alert(1)"><script>alert(2)</script>';
  const client = await started.gateway.connect({
    ...SOON,
    query: { token: attack },
    headers: { "User-Agent": attack },
  });
  client.sendJson({ action: "say", text: attack });
  await client.next();
  await inspector.page.getByLabel("Show bodies").check();
  await inspector.rows("Frame in", "<script>").click();
  await inspector.entry.getByText("<script>alert(2)").first().waitFor();
  await inspector.rows("Opened").click();
  await inspector.entry.getByText('onerror="alert(1)"').first().waitFor();
  expect(await inspector.page.locator("img, main script").count()).toBe(0);
  expect(inspector.problems).toEqual([]);
});

testInBrowser("the page says when the gateway has gone, and keeps what it has", async () => {
  await using started = await startPage();
  const inspector = await started.open();
  await started.gateway.connect(SOON);
  await inspector.rows("Opened").waitFor();
  await started.gateway.close();
  await inspector.page.getByText("Reconnecting…").waitFor();
  expect(await inspector.rows("Opened").count()).toBe(1);
});
