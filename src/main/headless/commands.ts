import type { drive as Drive } from '../runs/driver';
import type { Commands } from './program';
import { onInterrupt } from './interrupt';
import type { Terminal } from './terminal';

/** The commands with the real engine behind them. */
export function engineCommands(terminal: Terminal): Commands {
  return {
    async run(given, options) {
      const { runCommand } = await import('./runCommand');
      // The engine takes a moment to load and a wrong run file should not wait for it.
      const drive: typeof Drive = async (spec, driveOptions) =>
        (await import('../runs/driver')).drive(spec, driveOptions);
      return runCommand(given, options, { terminal, drive, interrupts: (stop) => onInterrupt(process, stop) });
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
