import { spawnSync } from 'node:child_process';
import path from 'node:path';
import type { Workload } from './workload';

export type Peer = 'torch' | 'jax';

/** The Python to use: $BRACKET_PYTHON, else python3. */
export const python = process.env['BRACKET_PYTHON'] ?? 'python3';

/** Which peers this machine's Python has. */
export function peersHere(): { peer: Peer; version: string }[] {
  return (['torch', 'jax'] as const).flatMap((peer) => {
    const found = spawnSync(python, ['-c', `import ${peer}; print(${peer}.__version__)`], { encoding: 'utf8' });
    return found.status === 0 ? [{ peer, version: found.stdout.trim() }] : [];
  });
}

/** Seconds that a peer takes for one value-and-gradient evaluation of the same loop. */
export function timePeer(peer: Peer, workload: Workload, threads: number): number {
  const { name, chains, data, leapfrog, transitions } = workload;
  const script = path.resolve(import.meta.dirname, 'peers', `${peer}_ais.py`);
  const flags = { model: name, chains, data, leapfrog, transitions, threads };
  const args = Object.entries(flags).flatMap(([flag, value]) => [`--${flag}`, String(value)]);
  const run = spawnSync(python, [script, ...args], { encoding: 'utf8' });
  if (run.status !== 0) throw new Error(`${script} failed: ${run.stderr.trim().split('\n').at(-1) ?? ''}`);
  const report = JSON.parse(run.stdout.trim().split('\n').at(-1) ?? '{}') as { gradientSeconds: number };
  return report.gradientSeconds;
}
