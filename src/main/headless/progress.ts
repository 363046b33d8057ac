import { SingleBar } from 'cli-progress';
import { oneLine } from '../../shared/errors';
import { formatDuration } from '../../shared/format';
import { createEta } from '../../shared/eta';
import type { Terminal } from './terminal';

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
  const width = Math.max(6, Math.min(24, terminal.columns - 48));
  const room = terminal.columns - width - 23;
  const bar = new SingleBar({
    stream: terminal.err,
    // No colours: the bar is cut to the width of the terminal with every code counted.
    format: (_options, { progress }, { stage, left }: { stage: string; left: string }) => {
      const full = Math.round(progress * width);
      const percent = `${Math.floor(progress * 100)}`.padStart(3);
      return `${'━'.repeat(full)}${'─'.repeat(width - full)} ${percent} %  ${left.padEnd(12)}  ${stage.slice(0, room)}`;
    },
    clearOnComplete: true,
    // A killed process cannot put the cursor or the line wrapping back.
    hideCursor: false,
    linewrap: true,
    gracefulExit: false,
    // Drawn when there is news; its own timer only keeps it there.
    synchronousUpdate: false,
    fps: 2,
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
      if (message === undefined && now - drawn < interval && done < 1) return;
      drawn = now;
      const payload = { stage: oneLine(stage, 60), left: left === undefined ? '' : `${timeLeft(left)} left` };
      if (message === undefined) {
        bar.update(done, payload);
        bar.render();
        return;
      }
      // The bar remembers its row of the screen, so it is taken away and put below the message.
      bar.stop();
      terminal.err.write(`${colours.dim(oneLine(message, 200))}\n`);
      bar.start(1, done, payload);
    },
    stop() {
      bar.stop();
    },
  };
}

/** A time left is a guess: whole seconds below a minute, steps of five seconds below ten minutes, minutes above. */
export function timeLeft(seconds: number): string {
  if (seconds < 59) return `${Math.max(1, Math.ceil(seconds))} s`;
  const step = seconds < 600 ? 5 : 60;
  return formatDuration(Math.ceil(seconds / step) * step);
}
