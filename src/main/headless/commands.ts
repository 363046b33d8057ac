import type { drive as Drive } from '../runs/driver';
import type { Store } from '../store';
import type { Commands } from './program';
import { onInterrupt } from './interrupt';
import type { Terminal } from './terminal';

/** The commands with the real engine behind them. */
export function engineCommands(terminal: Terminal): Commands {
  const interrupts = (stop: () => void) => onInterrupt(process, stop);
  // The engine takes a moment to load and a wrong run file should not wait for it.
  const loadExecute = async () => (await import('../runs/execute')).execute;
  return {
    async run(given, options) {
      const { runCommand } = await import('./runCommand');
      if (options.store === false) {
        const drive: typeof Drive = async (spec, driveOptions) =>
          (await import('../runs/driver')).drive(spec, driveOptions);
        return runCommand(given, options, { terminal, interrupts, drive });
      }
      const { tryHistory } = await import('./history');
      // Opened when there is something to keep: a wrong run file waits for nothing and leaves nothing.
      let history: ReturnType<typeof tryHistory>;
      try {
        return await runCommand(given, options, {
          terminal,
          interrupts,
          isPaused: (run) => history?.isPaused(run) === true,
          isKept: (run) => history?.isKept(run) === true,
          drive: async (spec, startOptions) => {
            history = tryHistory(terminal, loadExecute);
            if (history !== undefined) return history.start(spec, startOptions);
            return (await import('../runs/driver')).drive(spec, startOptions);
          },
        });
      } finally {
        history?.close();
      }
    },
    async resume(given, options) {
      const [{ History }, { resumeCommand }, { openStore }] = await Promise.all([
        import('./history'),
        import('./resumeCommand'),
        import('../store'),
      ]);
      const history = new History(openStore(), terminal, loadExecute);
      try {
        return await resumeCommand(given, options, history, { terminal, interrupts });
      } finally {
        history.close();
      }
    },
    async runs(options) {
      const { runsCommand } = await import('./runsCommand');
      return withStore((store) => runsCommand(store, options, terminal));
    },
    async show(given, options) {
      const { showCommand } = await import('./showCommand');
      return withStore((store) => showCommand(store, given, options, terminal));
    },
    async export(given, options) {
      const { exportCommand } = await import('./exportCommand');
      return withStore((store) => exportCommand(store, given, options, terminal));
    },
    async devices() {
      const [{ devicesCommand }, { listDevices }] = await Promise.all([
        import('./devicesCommand'),
        import('../tensor/devices'),
      ]);
      return devicesCommand(await listDevices(), terminal);
    },
    async recipes() {
      return (await import('./recipesCommand')).recipesCommand(terminal);
    },
    async importModel(file) {
      const [{ modelsCommand }, { readCheckpoint }, { guessDecoder }] = await Promise.all([
        import('./modelsCommand'),
        import('../checkpoints'),
        import('../models'),
      ]);
      const checkpoint = await readCheckpoint(file);
      return modelsCommand(checkpoint, guessDecoder(checkpoint), terminal);
    },
    async serve(options) {
      return (await import('./serve/serveCommand')).serveCommand(options, terminal);
    },
  };
}

/** What a command does with the history. */
async function withStore(command: (store: Store) => number | Promise<number>): Promise<number> {
  const store = (await import('../store')).openStore();
  try {
    return await command(store);
  } finally {
    store.close();
  }
}
