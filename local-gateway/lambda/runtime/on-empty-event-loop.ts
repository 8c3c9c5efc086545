/**
 * Calls `listener` when the function has nothing left to wait for. Disposing it stops that. The channel to the gateway
 * does not count meanwhile: on Lambda there is none.
 */
export function onEmptyEventLoop(listener: () => void): Disposable {
  const onBeforeExit = () => {
    // Without the channel the process would now exit.
    process.channel?.ref();
    listener();
  };
  process.channel?.unref();
  process.once("beforeExit", onBeforeExit);
  return {
    [Symbol.dispose]() {
      process.off("beforeExit", onBeforeExit);
      process.channel?.ref();
    },
  };
}
