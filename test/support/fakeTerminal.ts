import { Writable } from 'node:stream';
import { createColors } from 'picocolors';
import type { Terminal } from '../../src/main/headless/terminal';

/** A stream that keeps what is written to it. */
export class Recorder extends Writable {
  text = '';
  /** As a terminal has it, for the progress bar. */
  columns = 80;
  isTTY = true;

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }

  get lines(): string[] {
    return this.text.split('\n').slice(0, -1);
  }
}

export interface FakeTerminal extends Terminal {
  readonly out: Recorder;
  readonly err: Recorder;
}

/** A terminal of 80 columns without colours that nobody watches. */
export function fakeTerminal(changes: Partial<Terminal> = {}): FakeTerminal {
  return {
    colours: createColors(false),
    columns: 80,
    interactive: false,
    debug: false,
    ...changes,
    out: new Recorder(),
    err: new Recorder(),
  };
}
