import type { Bound, Result, Series } from '../../../src/shared/result';
import type { RunDetail, RunPoint } from '../../../src/shared/runRecord';
import { familyCurves, familyPoints, familyResult } from './family';
import { isModelRun } from '../../../src/shared/runFile';
import { targetDetail } from './target';
import { fakeNormal, fakeRandom } from './random';
import type { FakeRun } from './runs';
import { flowResult, flowSpec } from './stages';

const guessed = 'The likelihood was guessed: {"type":"bernoulli"}.';

/** Everything that the page of a made-up run shows. */
export function fakeDetail({ row, spec }: FakeRun): RunDetail {
  if (spec.kind === 'target') {
    const flows = spec.name === flowSpec().name ? { result: flowResult(), series: [], curves: [] } : {};
    return { ...targetDetail(spec, row.id, row.created), row, ...flows };
  }
  if (!isModelRun(spec)) throw new Error(`There is no made-up run of kind ${spec.kind}.`);
  const family = spec.critics.length > 0;
  const ended = row.status === 'done' || row.status === 'failed' || row.status === 'cancelled';
  const series = fakeSeries(row.temperatures);
  return {
    row,
    spec,
    directory: '/home/ada/bracket',
    points: family ? familyPoints() : fakePoints(row, row.progress),
    curves: family ? familyCurves() : [],
    log: [
      { time: row.created, text: `Opened ${row.model}: 6 tensors, 20 latent dimensions.` },
      { time: row.created + 1200, text: `Pilot run tuned ${row.temperatures} step sizes; acceptance 0.66.` },
      ...(row.error === null ? [] : [{ time: row.created + 9000, text: row.error }]),
    ],
    environment: {
      bracket: '0.1.0',
      node: '24.21.0',
      runtime: 'ONNX Runtime 1.30.0',
      platform: 'linux x64',
      device: row.device,
      hashes: { [row.model]: 'a3'.repeat(32) },
    },
    result: family ? familyResult(row) : ended ? fakeResult({ row, spec }, series) : null,
    series: family ? familyResult(row).series : series,
  };
}

/** A ladder of rounds that closes as the temperatures double. */
export function fakePoints(row: FakeRun['row'], progress: number): RunPoint[] {
  const middle =
    row.lower === null || row.upper === null ? (row.truth ?? 24.85) : (row.lower.value + row.upper.value) / 2;
  const rounds = [64, 16, 4, 1].map((part) => Math.max(2, Math.round(row.temperatures / part)));
  return rounds.slice(0, Math.ceil(progress * rounds.length)).map((temperatures, index) => {
    const gap = (row.gap ?? 0.2) * (row.temperatures / temperatures) ** 0.9;
    const bound = (estimator: string, side: Bound['side'], value: number): Bound => ({
      quantity: row.quantity === 'coverage' ? 'log-px' : row.quantity,
      estimator,
      side,
      value,
      ci95: (row.lower?.ci95 ?? 0.8) * (1 + 0.2 * (rounds.length - index)),
      n: 32,
    });
    return {
      temperatures,
      seconds: (row.seconds * temperatures) / row.temperatures,
      bounds: [
        bound(row.lower?.estimator ?? 'cr-ais', 'lower', middle - gap * 0.4),
        bound(row.upper?.estimator ?? 'im-ais', 'upper', middle + gap * 0.6),
        bound('iwae', 'lower', middle - 6 - gap),
        bound('iwae', 'upper', middle + 11 + gap),
      ],
    };
  });
}

function fakeSeries(temperatures: number): Series[] {
  const count = Math.min(temperatures, 200);
  const betas = Array.from({ length: count }, (_, index) => 1 / (1 + Math.exp(-8 * (index / (count - 1) - 0.5))));
  const random = fakeRandom(temperatures);
  const along = (name: string, value: (beta: number) => number, unit?: string): Series => ({
    name,
    x: { label: 'inverse temperature β', values: betas },
    y: { label: name, ...(unit === undefined ? {} : { unit }), values: betas.map(value) },
  });
  return [
    along('acceptance', (beta) => Math.min(1, 0.66 + 0.05 * Math.sin(beta * 6) + 0.01 * fakeNormal(random))),
    along('step size', (beta) => 0.42 / (1 + 3 * beta)),
    along('effective sample size', (beta) => 8 * (1 - 0.4 * beta) + 0.2 * fakeNormal(random), 'chains'),
  ];
}

function fakeResult({ row, spec }: FakeRun, series: Series[]): Result {
  const last = fakePoints(row, 1).at(-1);
  const random = fakeRandom(row.seed + 1);
  const data = Array.from({ length: 32 }, () => 2 * fakeNormal(random));
  const values = (value: number) => data.map((shift) => value + shift + 0.05 * fakeNormal(random));
  const bounds = [...(last?.bounds ?? [])];
  return {
    run: row.id,
    kind: row.kind,
    spec: { ...spec },
    device: row.device,
    status: row.status === 'done' || row.status === 'failed' ? row.status : 'cancelled',
    seconds: row.seconds,
    bounds: row.status === 'failed' ? [] : bounds,
    metrics: {
      best: { quantity: row.quantity, lower: row.lower, upper: row.upper, gap: row.gap, gapCi95: row.gapCi95 },
      ...(row.truth === null ? {} : { truth: row.truth }),
    },
    diagnostics: { gradientEvaluations: row.temperatures * 10, acceptance: 0.66, temperatures: row.temperatures },
    ...(row.seed === 3 ? { warnings: [guessed], notes: [guessed] } : { warnings: [] }),
    series,
    artifacts: [],
    perDatum: {
      logLikelihood: values(-61),
      bounds: bounds.flatMap(({ estimator, side, value }) =>
        // A bound on I(x; z) is one on log p(x) from the other side.
        side === 'estimate' || value === null
          ? []
          : [
              row.quantity === 'mi'
                ? { estimator, side: side === 'lower' ? 'upper' : 'lower', values: values(-61 - value) }
                : { estimator, side, values: values(value) },
            ],
      ),
    },
    ...(row.error === null ? {} : { error: row.error }),
  };
}
