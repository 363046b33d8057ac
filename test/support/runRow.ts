import type { RunRow } from '../../src/shared/runRecord';

/** A finished run as a table shows it. */
export function runRow(changes: Partial<RunRow> = {}): RunRow {
  return {
    id: 'run-1',
    name: 'Glyphs',
    kind: 'mutual-information',
    status: 'done',
    model: 'glyphs-vae.safetensors',
    data: '32 simulated',
    device: 'cpu',
    seed: 0,
    temperatures: 2000,
    chains: 8,
    lower: { estimator: 'cr-ais', value: 24.8412, ci95: 2.04 },
    upper: { estimator: 'im-ais', value: 24.8561, ci95: 2.04 },
    gap: 0.0149,
    gapCi95: 0.0062,
    truth: null,
    estimate: null,
    quantity: 'mi',
    progress: 1,
    stage: 'done',
    seconds: 200.4,
    created: Date.UTC(2026, 2, 3, 14, 5, 9),
    ended: null,
    tags: [],
    notes: '',
    family: 'family-1',
    error: null,
    ...changes,
  };
}
