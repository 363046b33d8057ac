import type { EventName, Events } from '../../shared/rpc';

type Listener = <E extends EventName>(name: E, payload: Events[E]) => void;

/** What every window is told. */
export class EngineEvents {
  private readonly listeners = new Set<Listener>();

  emit<E extends EventName>(name: E, payload: Events[E]): void {
    for (const listener of [...this.listeners]) listener(name, payload);
  }

  /** @returns a function that ends it */
  subscribe(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}
