/** What keeps the event loop from being empty as long as it counts. */
export interface Referenced {
  ref(): unknown;
  unref(): unknown;
}

/**
 * Calls `listener` when the function has nothing left to wait for. Disposing it stops that. The channel to the gateway
 * does not count meanwhile: on Lambda there is none.
 */
export function onEmptyEventLoop(channel: Referenced, listener: () => void): Disposable {
  const onBeforeExit = () => {
    // Without the channel the process would now exit.
    channel.ref();
    listener();
  };
  channel.unref();
  process.once("beforeExit", onBeforeExit);
  return {
    [Symbol.dispose]() {
      process.off("beforeExit", onBeforeExit);
      channel.ref();
    },
  };
}
