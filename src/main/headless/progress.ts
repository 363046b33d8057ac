import { SingleBar } from 'cli-progress';
import { oneLine } from '../../shared/errors';
import { formatDuration } from '../../shared/format';
import { createEta } from './eta';
import type { Terminal } from './terminal';
import { clipMiddle } from './wrap';

/** Shows how far a run is. */
export interface Progress {
  update(event: { readonly stage: string; readonly progress: number; readonly message?: string }): void;
  /** Takes the bar away; nothing is shown after this. */
  stop(): void;
}

/** Says nothing: for pipes, logs and tests. */
const silent: Progress = { update: () => undefined, stop: () => undefined };

/** Between two drawings of the bar, in seconds; more often only flickers. */
const interval = 0.1;

/**
 * A bar with the stage, the share done and the time left on a terminal, nothing elsewhere.
 * @param clock seconds
 */
export function createProgress(terminal: Terminal, clock: () => number = () => performance.now() / 1000): Progress {
  if (!terminal.interactive) return silent;
  const { colours } = terminal;
  const width = Math.max(8, Math.min(32, terminal.columns - 52));
  const bar = new SingleBar({
    stream: terminal.err as NodeJS.WritableStream,
    format: (_options, { progress }, payload: { stage: string; left: string }) => {
      const full = Math.round(progress * width);
      const drawn = '━'.repeat(full) + colours.dim('─'.repeat(width - full));
      const percent = `${Math.floor(progress * 100)}`.padStart(3);
      return `${drawn} ${percent} %  ${payload.left.padEnd(15)}  ${colours.dim(clipMiddle(payload.stage, 24))}`;
    },
    clearOnComplete: true,
    // A killed process cannot put the cursor or the line wrapping back.
    hideCursor: false,
    linewrap: true,
    gracefulExit: false,
    fps: 20,
    emptyOnZero: true,
  });
  const eta = createEta(clock());
  let done = 0;
  let drawn = -Infinity;
  bar.start(1, 0, { stage: 'starting', left: '' });
  return {
    update({ stage, progress, message }) {
      // A bar that goes backwards or past its end helps nobody.
      if (Number.isFinite(progress)) done = Math.max(done, Math.min(1, progress));
      const now = clock();
      const left = eta.update(done, now);
      if (message !== undefined) {
        terminal.err.write(`\r\u001b[2K${colours.dim(oneLine(message, 200))}\n`);
        drawn = -Infinity;
      }
      if (now - drawn < interval && done < 1) return;
      drawn = now;
      bar.update(done, { stage: oneLine(stage, 60), left: left === undefined ? '' : `${formatDuration(coarse(left))} left` });
    },
    stop() {
      bar.stop();
    },
  };
}

/** A time left is a guess: whole seconds below a minute, steps of five seconds below ten minutes, minutes above. */
function coarse(seconds: number): number {
  const step = seconds < 60 ? 1 : seconds < 600 ? 5 : 60;
  return Math.max(10 ** -9, Math.ceil(seconds / step) * step);
}
