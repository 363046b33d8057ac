import type { Result } from '../../src/shared/result';

/** A finished run as a report would get it. */
export function sampleResult(changes: Partial<Result> = {}): Result {
  return {
    run: '00000000-0000-4000-8000-000000000000',
    kind: 'mutual-information',
    spec: {
      kind: 'mutual-information',
      name: 'Glyphs',
      model: { checkpoint: '../examples/glyphs-vae.safetensors' },
      data: { simulate: 32 },
      ais: { temperatures: 2000 },
    },
    device: 'cpu',
    status: 'done',
    seconds: 200.4,
    bounds: [
      { quantity: 'mi', estimator: 'cr-ais', side: 'lower', value: 24.8412, ci95: 2.04, n: 32 },
      { quantity: 'mi', estimator: 'im-ais', side: 'upper', value: 24.8561, ci95: 2.04, n: 32 },
      { quantity: 'mi', estimator: 'iwae', side: 'lower', value: 6.907755, ci95: 1e-8, n: 32 },
      { quantity: 'mi', estimator: 'iwae', side: 'upper', value: 103.4, ci95: 12.2, n: 32 },
    ],
    metrics: {
      best: {
        lower: { estimator: 'cr-ais', value: 24.8412, ci95: 2.04 },
        upper: { estimator: 'im-ais', value: 24.8561, ci95: 2.04 },
        gap: 0.0149,
        gapCi95: 0.0062,
      },
    },
    diagnostics: { gradientEvaluations: 10000 },
    warnings: [],
    series: [],
    artifacts: [],
    ...changes,
  };
}
