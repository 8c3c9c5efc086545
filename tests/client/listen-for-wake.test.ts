import { listenForWake } from "../../client/wake.ts";

function startPage() {
  const document = Object.assign(new EventTarget(), { visibilityState: "visible" });
  const page = Object.assign(new EventTarget(), { document });
  let wakes = 0;
  const stop = listenForWake(() => {
    wakes++;
  }, page);
  return { page, document, stop, wakes: () => wakes };
}

test("a page wakes when the network is back, when it is shown again, and when its tab is looked at", () => {
  const { page, document, wakes } = startPage();
  page.dispatchEvent(new Event("online"));
  page.dispatchEvent(new Event("pageshow"));
  document.dispatchEvent(new Event("visibilitychange"));
  expect(wakes()).toBe(3);
});

test("a tab that goes out of sight is no wake", () => {
  const { document, wakes } = startPage();
  document.visibilityState = "hidden";
  document.dispatchEvent(new Event("visibilitychange"));
  expect(wakes()).toBe(0);
});

test("a tab out of sight wakes when the network or the page itself is back", () => {
  const { page, document, wakes } = startPage();
  document.visibilityState = "hidden";
  page.dispatchEvent(new Event("online"));
  page.dispatchEvent(new Event("pageshow"));
  expect(wakes()).toBe(2);
});

test("nothing listens after it was stopped", () => {
  const { page, document, stop, wakes } = startPage();
  stop();
  page.dispatchEvent(new Event("online"));
  page.dispatchEvent(new Event("pageshow"));
  document.dispatchEvent(new Event("visibilitychange"));
  expect(wakes()).toBe(0);
});

test("outside a browser there is nothing to listen to, and that is no error", () => {
  expect(() => listenForWake(() => {}, {})()).not.toThrow();
});
