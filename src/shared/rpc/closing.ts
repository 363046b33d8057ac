/** Remembers that and why a connection closed, and tells each listener once, whenever it comes. */
export class Closing {
  private readonly listeners: ((reason: string) => void)[] = [];
  reason: string | undefined;

  get happened(): boolean {
    return this.reason !== undefined;
  }

  on(listener: (reason: string) => void): void {
    if (this.reason === undefined) this.listeners.push(listener);
    else listener(this.reason);
  }

  happen(reason: string): void {
    if (this.reason !== undefined) return;
    this.reason = reason;
    for (const listener of this.listeners.splice(0)) listener(reason);
  }
}
