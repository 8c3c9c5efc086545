/** What the join form begins with. */
export interface PageDefaults {
  readonly url: string;
  /** Whether the page's address names that relay: then it is shown, for it will see what is typed. */
  readonly isNamed: boolean;
  readonly user: string;
  readonly channel: string;
}

/** The stage of the relay's template unless a parameter says otherwise. */
const STAGE = "dev";
const CHANNEL = "lobby";

/**
 * Reads the page's own address: `?url=wss://…` is the relay to talk to, otherwise the one that serves the page;
 * `?user=` and `?channel=` fill in the form.
 */
export function pageDefaults(address: string): PageDefaults {
  const { protocol, host, searchParams } = new URL(address);
  const named = searchParams.get("url");
  const scheme = protocol === "https:" ? "wss:" : "ws:";
  return {
    isNamed: named !== null,
    url: named ?? `${scheme}//${host}/${STAGE}`,
    user: searchParams.get("user") ?? "",
    channel: searchParams.get("channel") ?? CHANNEL,
  };
}
