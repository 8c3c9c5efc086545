import type { RelayClientOptions, RelayError } from "../../../client/index.ts";
import { fakeClient } from "./fake-client.ts";
import { Lines } from "./lines.ts";

/** A client to which a test lets things happen, on lines of its own, and what became of its messages. */
export function troubledClient(options: RelayClientOptions) {
  const lines = new Lines();
  /** By the messages' data, which are numbers, in the order in which they were sent. */
  const outcomes = new Map<number, "receipt" | RelayError>();
  const controllers: AbortController[] = [];
  let tokenFails = false;
  const fake = fakeClient({
    ...options,
    WebSocket: lines.WebSocket,
    token: () => {
      if (tokenFails) {
        tokenFails = false;
        throw new Error("Nobody is signed in.");
      }
      return null;
    },
  });
  const send = () => {
    const controller = new AbortController();
    const data = controllers.push(controller) - 1;
    fake.client.send({ channel: "lobby" }, data, controller).then(
      () => outcomes.set(data, "receipt"),
      (error) => outcomes.set(data, error),
    );
  };
  /** By their names; a number chooses one of the newest lines or messages, or a time. */
  const happenings = {
    send,
    abort: (number: number) => controllers.at(-1 - number)?.abort(),
    close: () => fake.client.close(),
    advance: (number: number) => fake.clock.advance(number ** 4),
    trigger: fake.trigger,
    failToken: () => {
      tokenFails = true;
    },
    reject: () => lines.reject(),
    open: () => lines.open(),
    accept: () => lines.accept(),
    die: (number: number) => lines.die(number),
    beginClosing: (number: number) => lines.beginClosing(number),
    drop: (number: number) => lines.drop(number),
    receipt: (number: number) => lines.receipt(number),
    error: (number: number) => lines.error(number),
    forget: (number: number) => lines.forget(number, (data) => !outcomes.has(data)),
    message: (number: number) => lines.message(number),
    duplicate: (number: number) => lines.duplicate(number),
    echo: () => lines.echo(),
  };
  return { ...fake, lines, outcomes, happenings, sent: controllers };
}
