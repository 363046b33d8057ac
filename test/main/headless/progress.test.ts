import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { createEta } from '../../../src/shared/eta';
import { onInterrupt } from '../../../src/main/headless/interrupt';
import { createProgress, timeLeft } from '../../../src/main/headless/progress';
import { terminalFor } from '../../../src/main/headless/terminal';
import { fakeTerminal, Recorder } from '../../support/fakeTerminal';

/** What a person has seen: every line that was drawn, without codes. */
const seen = (text: string) =>
  text

    .replace(/\u001b(\[[0-9;]*[A-Za-z]|[78])/g, '\r')
    .split(/[\r\n]+/)
    .filter((line) => line.trim() !== '');

describe('the time left', () => {
  it('is not known at once', () => {
    const eta = createEta(0);
    expect(eta.update(0, 0)).toBeUndefined();
    expect(eta.update(0.01, 0.1)).toBeUndefined();
    expect(eta.update(0, 30)).toBeUndefined();
  });

  it('is exact at an even speed', () => {
    const eta = createEta(5);
    for (let second = 1; second <= 99; second += 1) {
      expect(eta.update(second / 100, 5 + second)).toBeCloseTo(100 - second, 6);
    }
  });

  it('follows a change of speed', () => {
    const eta = createEta(0);
    for (let second = 1; second <= 10; second += 1) eta.update(second / 100, second);
    let left: number | undefined;
    // Ten times slower from here on: at 200 s, 29 % are done and 710 s are left.
    for (let second = 11; second <= 200; second += 1) left = eta.update(0.1 + (second - 10) / 1000, second);
    expect(left).toBeCloseTo(710, -1);
  });

  it('is said coarsely', () => {
    expect([0, 0.2, 3.1, 58.9, 59.5, 61, 190, 3000, 7600].map(timeLeft)).toEqual([
      '1 s',
      '1 s',
      '4 s',
      '59 s',
      '1 min',
      '1 min 5 s',
      '3 min 10 s',
      '50 min',
      '2 h 7 min',
    ]);
  });
});

describe('the bar', () => {
  it('is silent where nobody watches', () => {
    const terminal = fakeTerminal();
    const progress = createProgress(terminal);
    progress.update({ stage: 'x', progress: 0.5, message: 'm' });
    progress.stop();
    expect(terminal.err.text + terminal.out.text).toBe('');
  });

  it('shows stage, share and time left, fits the terminal and goes away', () => {
    const terminal = fakeTerminal({ interactive: true });
    let now = 0;
    const progress = createProgress(terminal, () => now);
    for (const done of [0.1, 0.25, 0.2, Number.NaN, 0.5]) {
      now += 10;
      progress.update({ stage: 'forward chains, 2,000 temperatures, chunk 3 of 12 and more words', progress: done });
    }
    const drawn = seen(terminal.err.text);
    expect(drawn.at(-1)).toMatch(/^━{12}─{12} {2}50 % {2}1 min left {2,}forward chains, 2,000/);
    expect(drawn.some((line) => line.includes('20 %') || line.includes('NaN'))).toBe(false);
    expect(Math.max(...drawn.map((line) => line.length))).toBeLessThanOrEqual(80);
    progress.stop();
    expect(terminal.err.text).toMatch(/\u001b\[2K$/);
    expect(terminal.err.text).not.toContain('\u001b[?');
    expect(terminal.out.text).toBe('');
  });

  it('keeps messages above it', () => {
    const terminal = fakeTerminal({ interactive: true });
    const progress = createProgress(terminal, () => 1);
    progress.update({ stage: 'round 1', progress: 0.5, message: 'Gap 3.2 nats;\ndoubling.' });
    progress.stop();
    expect(terminal.err.text).toContain('Gap 3.2 nats; doubling.\n');
  });
});

describe('an interrupt', () => {
  it('asks to stop once and then leaves Ctrl-C to the system', () => {
    const process = new EventEmitter();
    let asked = 0;
    const handlers = onInterrupt(process, () => (asked += 1));
    process.emit('SIGINT');
    expect(asked).toBe(1);
    expect(process.listenerCount('SIGINT')).toBe(0);
    expect(process.listenerCount('SIGTERM')).toBe(1);
    process.emit('SIGTERM');
    handlers.release();
    expect(process.listenerCount('SIGTERM')).toBe(0);
  });
});

describe('the terminal of a process', () => {
  const tty = (columns = 120) => Object.assign(new Recorder(), { columns });
  const pipe = () => Object.assign(new Recorder(), { isTTY: false });
  it('has colours only where they are welcome', () => {
    const colours = (out: Recorder, env: Record<string, string>) =>
      terminalFor(out, tty(), env).colours.isColorSupported;
    expect(colours(tty(), {})).toBe(true);
    expect(colours(tty(), { NO_COLOR: '1' })).toBe(false);
    expect(colours(tty(), { TERM: 'dumb' })).toBe(false);
    expect(colours(pipe(), {})).toBe(false);
    expect(colours(pipe(), { FORCE_COLOR: '1' })).toBe(true);
    expect(colours(pipe(), { CI: 'true' })).toBe(false);
  });
  it('is 80 columns wide at most', () => {
    expect([tty(120), tty(60), tty(10), tty(0)].map((out) => terminalFor(out, pipe(), {}).columns)).toEqual([
      80, 60, 40, 80,
    ]);
  });
  it('is watched where standard error is a terminal', () => {
    expect(terminalFor(pipe(), tty(), {}).interactive).toBe(true);
    expect(terminalFor(tty(), pipe(), {}).interactive).toBe(false);
    expect(terminalFor(tty(), tty(), { TERM: 'dumb' }).interactive).toBe(false);
  });
});
