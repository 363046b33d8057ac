import path from 'node:path';
import type { Estimate } from '../../shared/rpc';
import { isModelRun, type ModelRunSpec } from '../../shared/runFile';
import { readCheckpoint } from '../checkpoints';
import { readDataset } from '../datasets';
import { posteriorTarget } from '../experiments/annealingTarget';
import { AnnealedChains } from '../experiments/chains';
import type { EvaluationData } from '../experiments/data';
import { MemoryJournal } from '../experiments';
import { gradientUnits, Meter } from '../experiments/meter';
import { planOf, runsCoupled } from '../experiments/plan';
import { buildModel, fixedBase, type GenerativeModel } from '../models';
import { emptyInfo, emptyState, type AnnealedPrograms } from '../samplers/annealedPrograms';
import { openDevice } from '../tensor/devices';
import { sizeOf } from '../tensor/types';
import { estimateByTrying } from './estimateByTrying';
import type { Tasks } from './types';

/** Measuring stops after this, milliseconds, or when the time of a transition is known well enough. */
const patience = 1500;
const repetitions = 5;

/** What a fresh process of this program needs before it holds a model. */
const bareBytes = process.memoryUsage().rss;

/** Compiles the run's own programs for one of its batches, times a few transitions, and multiplies. */
export async function estimate({ spec, directory }: Tasks['estimate']['params']): Promise<Estimate> {
  return isModelRun(spec) ? estimateModelRun(spec, directory) : estimateByTrying(spec, directory);
}

async function estimateModelRun(spec: ModelRunSpec, directory: string): Promise<Estimate> {
  const device = await openDevice(spec.device);
  const checkpoint = await readCheckpoint(path.resolve(directory, spec.model.checkpoint));
  const model = buildModel(spec.model, checkpoint);
  const data = placeholder(spec, directory, model);
  const before = process.memoryUsage().rss;
  // Chains from a learned base cost what those from the prior do: its density is nothing beside the decoder.
  const base = fixedBase(model.prior);
  const chains = new AnnealedChains({
    device,
    target: posteriorTarget(model, base),
    data: { ...data, base: await base.at(data.x, data.count) },
    chains: spec.ais.chains,
    leapfrog: spec.ais.leapfrog,
    seed: 0,
    jitter: 0,
    coupled: runsCoupled(spec),
    meter: new Meter(),
    journal: new MemoryJournal(),
  });
  try {
    const batch = chains.batches[0] ?? { chains: 1, data: 1 };
    const rows = batch.chains * batch.data;
    const compiling = performance.now();
    const programs = await chains.compiled(batch.chains, batch.data);
    const compileSeconds = (performance.now() - compiling) / 1000;
    const gradientSeconds = await timeGradient(programs, spec.ais.leapfrog, batch.data * model.decoder.outputs);
    const measured = process.memoryUsage().rss - before;
    const plan = planOf(spec, data, model);
    const units = plan.chains + plan.sampling + plan.training;
    return {
      seconds: compileSeconds + (units * gradientSeconds) / (gradientUnits * rows),
      bytes: bareBytes + Math.max(measured, stateBytes(model, rows, data)) + data.count * spec.ais.chains * 24,
      gradientSeconds,
      rows,
      gradientEvaluations: Math.round(plan.chains / (gradientUnits * rows)),
    };
  } finally {
    await chains.dispose();
  }
}

/** Data of the right size; time does not depend on what is in them. */
function placeholder(spec: ModelRunSpec, directory: string, model: GenerativeModel): EvaluationData {
  const { latent, outputs } = model.decoder;
  if ('simulate' in spec.data) {
    const count = spec.data.simulate;
    return { count, x: new Float32Array(count * outputs), exact: new Float32Array(count * latent), warnings: [] };
  }
  const { file, offset, limit, array } = spec.data;
  const { count } = readDataset(path.resolve(directory, file), { offset, limit, array });
  return { count, x: new Float32Array(count * outputs), warnings: [] };
}

/** Seconds of one value-and-gradient evaluation of all rows, as transitions make them. */
async function timeGradient(programs: AnnealedPrograms, leapfrog: number, width: number): Promise<number> {
  const { rows, latent } = programs;
  const inputs = { x: new Float32Array(width) };
  const states = [emptyState(rows, latent), emptyState(rows, latent)] as const;
  const info = emptyInfo(rows);
  const options = {
    stepSize: new Float32Array(rows).fill(1e-3),
    beta: 0.5,
    momentum: new Float32Array(rows * latent),
    logUniform: new Float32Array(rows).fill(-1),
  };
  await programs.init(states[1].position, inputs, states[0]);
  const steps = Math.min(leapfrog, 10);
  // The first run of a session allocates.
  await programs.transition(states[0], states[1], inputs, { ...options, leapfrog: 1 }, info);
  const times: number[] = [];
  const start = performance.now();
  while (times.length < repetitions && performance.now() - start < patience) {
    const began = performance.now();
    await programs.transition(states[0], states[1], inputs, { ...options, leapfrog: steps }, info);
    times.push((performance.now() - began) / 1000 / steps);
  }
  return times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
}

/** What a forward and backward pass of one batch keeps alive, and the weights and data. */
function stateBytes(model: GenerativeModel, rows: number, data: EvaluationData): number {
  const { latent, layers, constants } = model.decoder;
  const widths = layers.reduce((total, layer) => total + sizeOf(layer.outputShape), latent);
  const weights = Object.values(constants).reduce((total, constant) => total + constant.data.byteLength, 0);
  return 8 * rows * widths + 3 * weights + data.x.byteLength;
}
