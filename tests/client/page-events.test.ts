import { openClient } from "./support/fake-client.ts";

/** The events of a page, as the global object has them in a browser. */
const page = new EventTarget();
const document = Object.assign(new EventTarget(), { visibilityState: "visible" });

beforeEach(() => {
  document.visibilityState = "visible";
  const addEventListener = page.addEventListener.bind(page);
  Object.assign(globalThis, { addEventListener, document });
});

afterEach(() => {
  Object.assign(globalThis, { addEventListener: undefined, document: undefined });
});

/** A client in that page. Its connection is checked by a heartbeat at each reconnect trigger. */
async function openInPage() {
  const fake = await openClient({ reconnectTriggers: undefined });
  return {
    ...fake,
    /** Whether an event, at least a second after the last one, makes the client check its connection. */
    async isChecked(target: EventTarget, name: string): Promise<boolean> {
      await fake.clock.advance(1000);
      const { heartbeats } = fake.socket;
      target.dispatchEvent(new Event(name));
      const isChecked = fake.socket.heartbeats > heartbeats;
      fake.socket.register("Nq3xYd7RiYcCG4A=", 7800);
      return isChecked;
    },
  };
}

test("the connection is checked when the network is back, when the page is shown again, and when its tab is", async () => {
  const { client, isChecked } = await openInPage();
  expect(await isChecked(page, "online")).toBe(true);
  expect(await isChecked(page, "pageshow")).toBe(true);
  expect(await isChecked(document, "visibilitychange")).toBe(true);
  client.close();
});

test("a tab that is hidden checks nothing, unless the network or the page itself is back", async () => {
  const { client, isChecked } = await openInPage();
  document.visibilityState = "hidden";
  expect(await isChecked(document, "visibilitychange")).toBe(false);
  expect(await isChecked(page, "online")).toBe(true);
  expect(await isChecked(page, "pageshow")).toBe(true);
  client.close();
});

test("a closed client does not listen any more", async () => {
  const listened: AbortSignal[] = [];
  const addEventListener = (_: string, __: unknown, options: { signal: AbortSignal }) =>
    listened.push(options.signal);
  Object.assign(globalThis, { addEventListener, document: { addEventListener } });
  const { client } = await openInPage();
  expect(listened.map(({ aborted }) => aborted)).toEqual([false, false, false]);
  client.close();
  expect(listened.map(({ aborted }) => aborted)).toEqual([true, true, true]);
});

test("outside a browser there is nothing to listen to, and that is not an error", async () => {
  Object.assign(globalThis, { addEventListener: undefined, document: undefined });
  const { client } = await openInPage();
  expect(client.state).toBe("open");
  client.close();
});
