import { isModelRun, parseRunFile, type ModelRunSpec, type RunFile } from '../../src/shared/runFile';

/** A run file that is one of a model. */
export function ofModel(spec: RunFile): ModelRunSpec {
  if (!isModelRun(spec)) throw new Error(`A run of kind ${spec.kind} has no model.`);
  return spec;
}

/** Checks a run file of a model and fills in its defaults. */
export function modelRun(value: unknown, where = 'run.json'): ModelRunSpec {
  return ofModel(parseRunFile(value, where));
}
