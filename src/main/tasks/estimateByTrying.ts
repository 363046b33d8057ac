import type { Estimate } from '../../shared/rpc';
import type { RunFile } from '../../shared/runFile';
import { experimentFor, MemoryJournal } from '../experiments';
import { openDevice } from '../tensor/devices';

/** How long a run is tried, milliseconds. */
const patience = 2500;

/** Computes the beginning of a run and judges the whole from how far it got. Nothing is kept of it. */
export async function estimateByTrying(spec: RunFile, directory: string): Promise<Estimate> {
  const device = await openDevice(spec.device);
  const controller = new AbortController();
  const began = performance.now();
  const elapsed = (): number => (performance.now() - began) / 1000;
  const context = { device, directory, signal: controller.signal, journal: new MemoryJournal(), seconds: elapsed };
  const experiment = experimentFor(spec, context);
  /** The first progress is made after everything is loaded and compiled. */
  let start: { readonly seconds: number; readonly progress: number } | undefined;
  let progress = 0;
  try {
    for (;;) {
      const next = await experiment.next();
      if (next.done === true) return answer(elapsed());
      progress = next.value.progress;
      if (progress > 0) start ??= { seconds: elapsed(), progress };
      if (1000 * elapsed() > patience && start !== undefined && progress > start.progress) break;
    }
  } finally {
    controller.abort();
    await experiment.return(undefined as never).catch(() => undefined);
  }
  const rate = (progress - start.progress) / Math.max(1e-9, elapsed() - start.seconds);
  return answer(start.seconds + (1 - start.progress) / rate);
}

function answer(seconds: number): Estimate {
  return { seconds, bytes: process.memoryUsage().rss, gradientSeconds: 0, rows: 0, gradientEvaluations: 0 };
}
