import { statSync } from 'node:fs';
import path from 'node:path';
import type { Handlers, SpecProblem } from '../../shared/rpc';
import { isModelRun, parseRunFile, RunFileError, runFileSchema, type RunFile } from '../../shared/runFile';
import { explain, hint } from '../../shared/runFile/explain';
import { getOutlines, getRow, getRun, listRuns, models } from '../store';
import type { EngineContext } from './context';
import { checkReadable, inputsOf } from './paths';

const where = 'run file';
const mostProblems = 50;

type RunHandlers = Pick<Handlers, Extract<keyof Handlers, `runs.${string}`>>;

export function runHandlers(context: EngineContext): RunHandlers {
  const { store, queue, tasks } = context;

  /** @throws RunFileError naming the field, also for a file that is not there */
  const accept = (value: unknown, given: string | undefined): { spec: RunFile; directory: string } => {
    const spec = parseRunFile(value, where);
    const directory = path.resolve(store.folder, given ?? '.');
    for (const { field, path: file } of inputsOf(spec, directory)) {
      checkReadable(context, field, file);
      const stats = statSync(file, { throwIfNoEntry: false });
      if (stats === undefined)
        throw new RunFileError(
          where,
          field,
          `names ${file}, which is not there`,
          'Check the path, or import the file.',
        );
      if (!stats.isFile()) throw new RunFileError(where, field, `names ${file}, which is no file`, 'Name a file.');
    }
    return { spec: withCorrections(spec, directory), directory };
  };

  /** A model of the library is what a person has said it is, unless the run file says otherwise. */
  const withCorrections = (spec: RunFile, directory: string): RunFile => {
    if (!isModelRun(spec) && spec.kind !== 'coverage') return spec;
    const file = path.resolve(directory, spec.model.checkpoint);
    const entry = models.list(store).find((model) => model.path === file);
    if (entry?.confirmed !== true || entry.decoder === null || entry.likelihood === null) return spec;
    const { decoder = [...entry.decoder], likelihood = entry.likelihood } = spec.model;
    return { ...spec, model: { ...spec.model, decoder, likelihood } };
  };

  return {
    'runs.list': () => listRuns(store),
    'runs.get': ({ id }) => getRun(store, id),
    'runs.getMany': ({ ids }) => getOutlines(store, ids),
    'runs.create': ({ spec, directory, recipe, tags }) => ({
      id: queue.create({ ...accept(spec, directory), recipe, tags }),
    }),
    'runs.check': ({ spec }) => ({ problems: problemsOf(spec) }),
    'runs.estimate': ({ spec, directory }, { signal }) => tasks.run('estimate', accept(spec, directory), { signal }),
    'runs.cancel': ({ id }) => {
      queue.cancel(id);
      return null;
    },
    'runs.pause': ({ id }) => {
      queue.pause(id);
      return null;
    },
    'runs.resume': ({ id }) => {
      queue.resume(id);
      return null;
    },
    'runs.remove': async ({ ids }) => {
      for (const id of ids) getRow(store, id);
      await queue.remove(ids);
      return null;
    },
    'runs.restore': ({ ids }) => {
      queue.restore(ids);
      return null;
    },
    'runs.annotate': ({ id, ...change }) => queue.annotate(id, change),
  };
}

/** Everything that is wrong with a run file, each with the field that a form shows it beside. */
function problemsOf(value: unknown): SpecProblem[] {
  const parsed = runFileSchema.safeParse(value, { error: hint });
  if (parsed.success) return [];
  const problems = parsed.error.issues.slice(0, mostProblems).map((issue) => {
    const { path: field, what, fix } = explain([issue], value);
    return { path: field, message: `${field === '' ? 'The run file' : field} ${what}. ${fix}` };
  });
  return problems;
}
