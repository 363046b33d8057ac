import type { ModelRunSpec, RunFile } from '../../../src/shared/runFile';
import type { RunRow, RunStatus } from '../../../src/shared/runRecord';
import { familyResult, familySpec } from './family';
import { fakeNormal, fakeRandom } from './random';
import { flowSpec } from './stages';
import { lineSpec, posteriorSpec, targetRow, targetSpec } from './target';
import { modelRun } from '../modelRun';

/** A made-up run: its row, and the run file that it would have come from. */
export interface FakeRun {
  row: RunRow;
  readonly spec: RunFile;
}

const models = [
  { checkpoint: 'glyphs-vae.safetensors', center: 24.85, spread: 2 },
  { checkpoint: 'mnist-vae100.pth', center: 88.2, spread: 5 },
  { checkpoint: 'fashion-gan20.pt', center: 41.3, spread: 3.4 },
  { checkpoint: 'linear-vae10.npz', center: 14.02, spread: 1.2 },
] as const;
const names = [
  'Baseline',
  'More temperatures',
  'Longer leapfrog',
  'Linear schedule',
  'Wider start',
  'Float check',
  'Table 2 again',
];
const tagSets = [[], [], [], ['baseline'], ['paper'], ['paper', 'table-2'], ['check'], ['cuda-box']] as const;
const statuses: readonly RunStatus[] = [
  ...Array<RunStatus>(24).fill('done'),
  'failed',
  'cancelled',
  'interrupted',
  'paused',
];
const hour = 3_600_000;

/**
 * @param count with 13 the last has flows whose blocks can be gone through
 * @param now newest runs were made just before it
 */
export function fakeRuns(count: number, now: number): FakeRun[] {
  const random = fakeRandom(7);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  let last: { model: (typeof models)[number]; spec: ModelRunSpec } | undefined;
  return Array.from({ length: count }, (_, index) => {
    const target = index === 12 && count === 13 ? flowSpec() : targetSpecs[index - familyIndex - 1];
    if (target !== undefined)
      return {
        spec: target,
        row: targetRow(target, `run-${String(count - index).padStart(5, '0')}`, now - index * hour),
      };
    if (index === familyIndex) return familyRun(`run-${String(count - index).padStart(5, '0')}`, now - index * hour);
    const again = last !== undefined && random() < 0.4 ? last : undefined;
    if (again !== undefined) {
      const spec = { ...again.spec, seed: again.spec.seed + 1 };
      last = { model: again.model, spec };
      return made(spec, again.model, index);
    }
    const model = pick(models);
    const setting = Math.floor(random() * names.length);
    const temperatures = pick([100, 500, 1000, 2000, 10_000]);
    const evidence = random() < 0.25;
    const spec = modelRun({
      kind: evidence ? 'evidence' : 'mutual-information',
      name: `${names[setting]}, ${model.checkpoint.split(/[-.]/)[0]}`,
      model: { checkpoint: `../models/${model.checkpoint}`, likelihood: { type: 'bernoulli' } },
      data: evidence ? { file: 't10k-images-idx3-ubyte.gz', limit: 128 } : { simulate: pick([32, 128]) },
      ais: {
        chains: pick([8, 16, 64]),
        temperatures,
        leapfrog: setting === 2 ? 20 : 10,
        schedule: setting === 3 ? { type: 'linear' } : { type: 'sigmoid', rad: 4 },
      },
      seed: 0,
      device: pick(['cpu', 'cpu', 'cpu', 'webgpu', 'cuda']),
    });
    last = { model, spec };
    return made(spec, model, index);
  });

  function made(spec: ModelRunSpec, model: (typeof models)[number], index: number): FakeRun {
    const id = `run-${String(count - index).padStart(5, '0')}`;
    const status = index < 3 ? 'done' : pick(statuses);
    return { spec, row: rowOf(spec, model, status, id, now - index * hour * 0.7, random, pick(tagSets)) };
  }
}

/** Which of the made-up runs has every bound that there is. */
const familyIndex = 7;
/** After it come runs of targets: in a plane, of many dimensions, on a line. */
const targetSpecs = [targetSpec(), posteriorSpec(), lineSpec()];

function familyRun(id: string, created: number): FakeRun {
  const spec = familySpec();
  const { metrics } = familyResult({ id, device: spec.device, seconds: 5280 });
  const { lower, upper, gap, gapCi95 } = metrics['best'] as Pick<RunRow, 'lower' | 'upper' | 'gap' | 'gapCi95'>;
  return {
    spec,
    row: {
      ...{ id, name: spec.name ?? id, kind: spec.kind, status: 'done', model: 'linear-vae10.npz' },
      ...{ data: '100 simulated', device: spec.device, seed: spec.seed },
      ...{ temperatures: spec.ais.temperatures, chains: spec.ais.chains },
      ...{ lower, upper, gap, gapCi95, truth: metrics['truth'] as number, estimate: null, quantity: 'mi' },
      ...{ progress: 1, stage: 'done', seconds: 5280, created, ended: created + 5_280_000 },
      ...{ tags: ['paper', 'figure-3'], notes: '', family: 'family', error: null },
    },
  };
}

function rowOf(
  spec: ModelRunSpec,
  model: (typeof models)[number],
  status: RunStatus,
  id: string,
  created: number,
  random: () => number,
  tags: readonly string[],
): RunRow {
  const { temperatures } = spec.ais;
  const mi = spec.kind === 'mutual-information';
  const truth = model.checkpoint.startsWith('linear') ? (mi ? model.center : -31.7) : null;
  const center = (mi ? model.center : -90 - model.center / 3) + fakeNormal(random) * 0.3;
  const gap = Math.abs((400 / temperatures) * (0.5 + random()) + fakeNormal(random) * 0.01);
  const bounded = status === 'done' || status === 'cancelled' || status === 'interrupted' || status === 'paused';
  const ci95 = (model.spread * (0.6 + random())) / 3;
  const side = (value: number, estimator: string) => (bounded ? { estimator, value, ci95 } : null);
  const middle = truth ?? center;
  const seconds = (temperatures / 8) * (0.4 + random()) * (spec.ais.chains / 8);
  return {
    id,
    name: spec.name ?? id,
    kind: spec.kind,
    status,
    model: model.checkpoint,
    data: 'simulate' in spec.data ? `${spec.data.simulate} simulated` : 't10k-images',
    device: spec.device,
    seed: spec.seed,
    temperatures,
    chains: spec.ais.chains,
    lower: side(middle - gap * 0.4, mi ? 'cr-ais' : 'ais'),
    upper: side(middle + gap * 0.6, mi ? 'im-ais' : 'bdmc'),
    gap: bounded ? gap : null,
    gapCi95: bounded ? gap * 0.2 : null,
    truth,
    estimate: null,
    quantity: mi ? 'mi' : 'log-px',
    progress: status === 'done' ? 1 : random(),
    stage: status === 'done' ? 'done' : 'reverse chains',
    seconds,
    created,
    ended: status === 'done' || status === 'failed' || status === 'cancelled' ? created + seconds * 1000 : null,
    tags,
    notes: random() < 0.08 ? 'Step sizes fell at the cold end; see acceptance.' : '',
    family: JSON.stringify({ ...spec, seed: 0 }),
    error:
      status === 'failed' ? 'All chains diverged at β = 0.31. Use more temperatures or a smaller step size.' : null,
  };
}
