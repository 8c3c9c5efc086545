interface EventSource {
  addEventListener?(
    name: string,
    listener: () => void,
    options: { readonly signal: AbortSignal },
  ): void;
}

interface Page extends EventSource {
  readonly document?: EventSource & { readonly visibilityState: string };
}

/**
 * Calls back when the network is there again or the page is looked at again: the moments to look after a connection.
 * Outside browsers it never does. Returns the function that takes the listeners back.
 */
export function listenForWake(onWake: () => void, page: Page = globalThis as Page): () => void {
  const { document } = page;
  const controller = new AbortController();
  // Out of sight, the network's return matters as well.
  page.addEventListener?.("online", onWake, controller);
  page.addEventListener?.("pageshow", onWake, controller);
  document?.addEventListener?.(
    "visibilitychange",
    () => {
      if (document.visibilityState !== "hidden") {
        onWake();
      }
    },
    controller,
  );
  return () => controller.abort();
}
