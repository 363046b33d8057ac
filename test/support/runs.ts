import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { writeSafetensors } from '../../src/main/checkpoints';
import { drive, type DriveOptions } from '../../src/main/runs/driver';
import type { Bound, Result } from '../../src/shared/result';
import { parseRunFile } from '../../src/shared/runFile';
import { simulate } from '../../src/main/experiments/data';
import { openDevice } from '../../src/main/tensor/devices';
import { logEvidence, type LinearModel } from './linearModel';
import { linearModel, linearSpec, linearTensors, namedTensors, type Tensors } from './models';

/** A run file as a person writes it, checked and completed on the way. */
export type Draft = Readonly<Record<string, unknown>>;

export interface Workbench {
  readonly directory: string;
  /** Writes a checkpoint and returns its name. */
  checkpoint(name: string, tensors: Tensors): string;
  file(name: string, content: string | Uint8Array): string;
  /** The `model` part of a run file, its checkpoint written. */
  linear(model: LinearModel): Draft;
  run(draft: Draft, options?: Partial<DriveOptions>): Promise<Result>;
}

/** A folder for the models and data of one test file, removed at its end, and runs in it. */
export function workbench(): Workbench {
  const directory = mkdtempSync(join(tmpdir(), 'bracket-runs-'));
  afterAll(() => rmSync(directory, { recursive: true }));
  let models = 0;
  const file = (name: string, content: string | Uint8Array): string => {
    writeFileSync(join(directory, name), content);
    return name;
  };
  const checkpoint = (name: string, tensors: Tensors): string => file(name, writeSafetensors(namedTensors(tensors)));
  return {
    directory,
    file,
    checkpoint,
    linear: (model) => {
      models += 1;
      return { checkpoint: checkpoint(`linear-${models}.safetensors`, linearTensors(model)), ...linearSpec(model) };
    },
    run: (draft, options = {}) =>
      drive(parseRunFile({ kind: 'mutual-information', ...draft }, 'run.json'), { directory, ...options }),
  };
}

/** One bound of a result. @throws when it is not there exactly once */
export function boundOf(
  result: Result,
  estimator: string,
  side: Bound['side'],
): Bound & { value: number; ci95: number } {
  const found = result.bounds.filter((bound) => bound.estimator === estimator && bound.side === side);
  if (found.length !== 1) throw new Error(`${found.length} ${side} bounds of ${estimator}`);
  const { value, ci95 } = found[0] as Bound;
  return { ...(found[0] as Bound), value: value ?? Number.NaN, ci95: ci95 ?? Number.NaN };
}

/** The bounds on log p(x) of each datum. */
export function perDatum(result: Result, estimator: string, side: 'lower' | 'upper'): number[] {
  const found = result.perDatum?.bounds.find((bound) => bound.estimator === estimator && bound.side === side);
  return (found?.values ?? []).map((value) => value ?? Number.NaN);
}

export function logLikelihoods(result: Result): number[] {
  return (result.perDatum?.logLikelihood ?? []).map((value) => value ?? Number.NaN);
}

/** log p(x) of the data that a run simulates from a linear model, in closed form. */
export async function exactEvidence(model: LinearModel, count: number, seed: number): Promise<number[]> {
  const { x } = await simulate(count, linearModel(model), await openDevice('cpu'), seed, 'data');
  return Array.from({ length: count }, (_, datum) =>
    logEvidence(model, [...x.subarray(datum * model.outputs, (datum + 1) * model.outputs)]),
  );
}
