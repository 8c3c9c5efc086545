interface EventSource {
  addEventListener?(name: string, listener: (event: Event) => void): void;
  removeEventListener?(name: string, listener: (event: Event) => void): void;
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
  const wake = ({ type }: Event) => {
    // The network's return matters out of sight, too.
    if (type !== "visibilitychange" || document?.visibilityState !== "hidden") {
      onWake();
    }
  };
  const sources = [
    ["online", page],
    ["pageshow", page],
    ["visibilitychange", document],
  ] as const;
  for (const [name, source] of sources) {
    source?.addEventListener?.(name, wake);
  }
  return () => {
    for (const [name, source] of sources) {
      source?.removeEventListener?.(name, wake);
    }
  };
}
