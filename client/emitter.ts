type Listener<Value> = (value: Value) => void;

/** Listeners by the name of an event. One that throws keeps neither the others nor the client from going on. */
export class Emitter<Events> {
  /** What is to be told, in order; the first of it is being told. */
  readonly #due: (() => void)[] = [];
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

  /** Calls the listeners; those of an event that a listener causes, when all have heard of the one before. */
  emit<Name extends keyof Events>(name: Name, value: Events[Name]): void {
    if (this.#due.push(() => this.#tell(name, value)) === 1) {
      for (const tell of this.#due) {
        tell();
      }
      this.#due.length = 0;
    }
  }

  #tell<Name extends keyof Events>(name: Name, value: Events[Name]): void {
    const listeners = this.#listeners[name] ?? new Set();
    // A copy: who is added meanwhile hears the next event first.
    for (const listener of [...listeners]) {
      try {
        if (listeners.has(listener)) {
          listener(value);
        }
      } catch (error) {
        // As with EventTarget, it ends up where uncaught errors do.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
