type Listener<Value> = (value: Value) => void;

/** Listeners by the name of an event. One that throws keeps neither the others nor the client from going on. */
export class Emitter<Events> {
  readonly #listeners: { [Name in keyof Events]?: Set<Listener<Events[Name]>> } = {};

  /** Calls the listener at each such event until the returned function is called. */
  on<Name extends keyof Events>(name: Name, listener: Listener<Events[Name]>): () => void {
    const listeners: Set<Listener<Events[Name]>> = this.#listeners[name] ?? new Set();
    this.#listeners[name] = listeners;
    // A wrapper of its own for each call: the same listener may be added twice, and each is taken back alone.
    const added: Listener<Events[Name]> = (value) => listener(value);
    listeners.add(added);
    return () => {
      listeners.delete(added);
    };
  }

  emit<Name extends keyof Events>(name: Name, value: Events[Name]): void {
    const listeners = this.#listeners[name] ?? [];
    for (const listener of [...listeners]) {
      try {
        listener(value);
      } catch (error) {
        // As with EventTarget, it ends up where uncaught errors do.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
