import { RpcError, serveCalls, type ClientTransport, type Connection, type Handlers } from '../../src/shared/rpc';
import type { ClientMessage, ServerMessage, Transport } from '../../src/shared/rpc/messages';
import { targetLabel } from '../../src/shared/labels';
import { isModelRun, parseRunFile, runFileSchema } from '../../src/shared/runFile';
import { fakeDetail } from './fake/detail';
import { fakeDatasets, fakeImages, fakeModels, fakeRecipes, fakeSystem } from './fake/library';
import { FakeProgress } from './fake/progress';
import { fakeRuns, type FakeRun } from './fake/runs';

export interface FakeOptions {
  /** How many made-up runs there are. One of them is running; 0 is a first start. */
  readonly runs?: number;
  readonly now?: number;
}

/**
 * An engine without computation: every call of the map, answered from made-up data that lives as long as the connection, through the
 * same code that checks the calls of the real one. For pages under development and for tests of pages.
 */
export function fakeEngine({ runs: count = 2000, now = Date.now() }: FakeOptions = {}): ClientTransport {
  const runs = new Map<string, FakeRun>(fakeRuns(count, now).map((run) => [run.row.id, run]));
  const removed = new Map<string, FakeRun>();
  let settings: Awaited<ReturnType<Handlers['settings.get']>> = { theme: 'system', device: 'cpu', parallelRuns: 1 };
  let models = fakeModels(now);
  let datasets = fakeDatasets(now);
  let lastDemo: string | null = null;
  const [windowEnd, engineEnd] = pair<ClientMessage, ServerMessage>();
  const progress = new FakeProgress(runs, (): Connection => connection);
  windowEnd.onClose(() => progress.stop());

  const run = (id: string): FakeRun => {
    const found = runs.get(id);
    if (found === undefined)
      throw new RpcError(
        'not-found',
        'This run is not there any more. It was deleted, or its data folder is another one.',
      );
    return found;
  };
  const model = (sha256: string) => {
    const found = models.find((entry) => entry.sha256 === sha256);
    if (found === undefined)
      throw new RpcError('not-found', 'This model is not in the library any more. Import its file again.');
    return found;
  };
  const toModels = () => connection.send('models.changed', models);
  const setStatus = (id: string, status: FakeRun['row']['status']): null => {
    progress.change(run(id), { status });
    return null;
  };

  const handlers: Handlers = {
    'system.info': () => fakeSystem(),
    'runs.list': () => [...runs.values()].map(({ row }) => row),
    'runs.get': ({ id }) => fakeDetail(run(id)),
    'runs.getMany': ({ ids }) =>
      ids.flatMap((id) => {
        const found = runs.get(id);
        if (found === undefined) return [];
        const { spec, points } = fakeDetail(found);
        return [{ id, spec, points }];
      }),
    'runs.create': ({ spec, recipe, tags = [] }) => {
      const parsed = parseRunFile(spec, 'run.json');
      const id = `run-${runs.size + removed.size + 100_000}`;
      const [base] = fakeRuns(1, Date.now());
      if (base === undefined) throw new Error('no template');
      const row: FakeRun['row'] = {
        ...base.row,
        id,
        tags,
        name: parsed.name ?? 'Run',
        kind: parsed.kind,
        status: 'queued',
        stage: 'waiting for its turn',
        progress: 0,
        seconds: 0,
        lower: null,
        upper: null,
        gap: null,
        gapCi95: null,
        ended: null,
        created: Date.now(),
        ...(isModelRun(parsed)
          ? { temperatures: parsed.ais.temperatures, chains: parsed.ais.chains }
          : parsed.kind === 'target'
            ? { temperatures: 16, chains: parsed.evaluate.samples, quantity: 'log-z' as const, truth: null }
            : {
                temperatures: 1,
                chains: 1,
                quantity: parsed.kind === 'coverage' ? ('coverage' as const) : ('log-px' as const),
                truth: null,
              }),
        seed: parsed.seed,
        model: isModelRun(parsed)
          ? (parsed.model.checkpoint.split('/').at(-1) ?? '')
          : parsed.kind === 'target'
            ? targetLabel(parsed.target)
            : 'VAE',
        device: parsed.device,
      };
      runs.set(id, { row, spec: parsed });
      if (recipe === 'demo') lastDemo = id;
      connection.send('runs.changed', { rows: [row], removed: [] });
      return { id };
    },
    'runs.check': ({ spec }) => {
      const parsed = runFileSchema.safeParse(spec);
      const problems =
        parsed.error?.issues.map(({ path, message }) => ({ path: path.map(String).join('.'), message })) ?? [];
      return { problems };
    },
    'runs.estimate': ({ spec }) => {
      const parsed = parseRunFile(spec, 'run.json');
      if (!isModelRun(parsed))
        return { seconds: 42, bytes: 3.4e8, gradientSeconds: 0, rows: 0, gradientEvaluations: 0 };
      const { ais } = parsed;
      const evaluations = ais.temperatures * ais.leapfrog;
      return {
        seconds: evaluations * ais.chains * 1e-3,
        bytes: 2.1e8,
        gradientSeconds: ais.chains * 1e-3,
        rows: ais.chains * 32,
        gradientEvaluations: evaluations,
      };
    },
    'runs.cancel': ({ id }) => setStatus(id, 'cancelled'),
    'runs.pause': ({ id }) => setStatus(id, 'paused'),
    'runs.resume': ({ id }) => setStatus(id, 'queued'),
    'runs.remove': ({ ids }) => {
      for (const id of ids) {
        const gone = runs.get(id);
        if (gone !== undefined) removed.set(id, gone);
        runs.delete(id);
      }
      connection.send('runs.changed', { rows: [], removed: ids });
      return null;
    },
    'runs.restore': ({ ids }) => {
      for (const id of ids) {
        const back = removed.get(id);
        if (back === undefined) continue;
        runs.set(id, back);
        connection.send('runs.changed', { rows: [back.row], removed: [] });
      }
      return null;
    },
    'runs.annotate': ({ id, ...change }) => {
      progress.change(run(id), Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)));
      return run(id).row;
    },
    'models.list': () => models,
    'models.import': () => models[1] ?? model(''),
    'models.update': ({ sha256, ...change }) => {
      const known = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
      const changed = { ...model(sha256), ...known, confirmed: true };
      models = models.map((entry) => (entry.sha256 === sha256 ? changed : entry));
      toModels();
      return changed;
    },
    'models.remove': ({ sha256 }) => {
      models = models.filter((entry) => entry.sha256 !== sha256);
      toModels();
      return null;
    },
    'models.samples': ({ sha256, count: images, seed }) =>
      fakeImages(images, model(sha256).outputShape?.[1] ?? 12, seed),
    'models.traversal': ({ sha256, dimensions, steps }) =>
      fakeImages(
        dimensions * steps,
        model(sha256).outputShape?.[1] ?? 12,
        3,
        (index) => ((index % steps) / steps - 0.5) * 0.3,
      ),
    'datasets.list': () => datasets,
    'datasets.import': () => {
      const [first] = datasets;
      if (first === undefined)
        throw new RpcError(
          'bad-input',
          'notes.txt is no data set that is known here. Give an IDX, NumPy, CIFAR-10 or CSV file.',
        );
      return first;
    },
    'datasets.remove': ({ sha256 }) => {
      datasets = datasets.filter((entry) => entry.sha256 !== sha256);
      connection.send('datasets.changed', datasets);
      return null;
    },
    'datasets.preview': ({ offset, count: images }) => fakeImages(images, 28, offset),
    'recipes.list': () => fakeRecipes(lastDemo, familyId(runs)),
    'settings.get': () => settings,
    'settings.set': (change) => {
      const known = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
      settings = { ...settings, ...known };
      return settings;
    },
    'export.figure': ({ svg, name, format }) => ({
      base64: btoa(Array.from(new TextEncoder().encode(svg), (byte) => String.fromCharCode(byte)).join('')),
      mime: 'image/svg+xml',
      name: `${name}.${format}`,
    }),
  };

  const connection = serveCalls(engineEnd, { handlers, debug: true });
  startOne(runs);
  return windowEnd;
}

/** The made-up run with every bound. */
function familyId(runs: ReadonlyMap<string, FakeRun>): string | null {
  return [...runs.values()].find(({ spec }) => 'critics' in spec && spec.critics.length > 0)?.row.id ?? null;
}

/** The newest run computes and one more waits, so that something moves. */
function startOne(runs: Map<string, FakeRun>): void {
  const [first, second] = runs.values();
  const open = { lower: null, upper: null, gap: null, gapCi95: null, ended: null, error: null };
  if (first !== undefined)
    first.row = { ...first.row, ...open, status: 'running', progress: 0.12, seconds: 7, stage: 'pilot run' };
  if (second !== undefined)
    second.row = { ...second.row, ...open, status: 'queued', progress: 0, seconds: 0, stage: 'waiting for its turn' };
}

/** Two ends of a connection within one process; messages are copied and arrive later, as over a real one. */
function pair<Out, In>(): [Transport<Out, In>, Transport<In, Out>] {
  const toEngine = new Set<(message: Out) => void>();
  const toWindow = new Set<(message: In) => void>();
  const closing = new Set<(reason: string) => void>();
  const end = <A, B>(out: Set<(message: A) => void>, into: Set<(message: B) => void>): Transport<A, B> => ({
    send: (message) => {
      const copy = structuredClone(message);
      setTimeout(() => out.forEach((listener) => listener(copy)), 0);
    },
    onMessage: (listener) => void into.add(listener),
    onClose: (listener) => void closing.add(listener),
    close: (reason = 'The connection was closed.') => {
      closing.forEach((listener) => listener(reason));
      closing.clear();
    },
  });
  return [end(toEngine, toWindow), end(toWindow, toEngine)];
}
