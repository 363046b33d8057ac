import type * as tf from '@tensorflow/tfjs-core';
import { anneal, type AnnealOptions } from '../src/main/samplers/annealedChains';
import { compileAnnealing, type AnnealedPrograms, type AnnealingProblem } from '../src/main/samplers/annealedPrograms';
import { betasOf } from '../src/main/samplers/schedule';
import { buildModel, diagonalGaussian, posteriorPath, type GenerativeModel } from '../src/main/models';
import type { Layer, LikelihoodSpec } from '../src/shared/runFile';
import type { Checkpoint, NamedTensor } from '../src/main/checkpoints';
import { fillNormals } from '../src/main/tensor/random/streams';
import type { Device, Program } from '../src/main/tensor/types';

/** One loop to time: the same in the peers' scripts. */
export interface Workload {
  readonly name: 'decoder' | 'linear';
  readonly chains: number;
  readonly data: number;
  readonly leapfrog: number;
  readonly transitions: number;
  /** Sizes of the layers from z to x. */
  readonly sizes: readonly number[];
  readonly likelihood: LikelihoodSpec;
}

export const decoder: Workload = {
  name: 'decoder',
  chains: 12,
  data: 128,
  leapfrog: 3,
  transitions: 3,
  sizes: [100, 1024, 1024, 1024, 784],
  likelihood: { type: 'gaussian', sigma: Math.sqrt(0.03) },
};

export const linear: Workload = {
  name: 'linear',
  chains: 16,
  data: 100,
  leapfrog: 10,
  transitions: 50,
  sizes: [10, 100],
  likelihood: { type: 'gaussian', sigma: 1 },
};

/** Multiplications and additions of one value-and-gradient evaluation: two for each weight in each direction. */
export function flopsOf({ sizes, chains, data }: Workload): number {
  const weights = sizes.slice(1).reduce((total, size, index) => total + size * (sizes[index] ?? 0), 0);
  return 4 * chains * data * weights;
}

function modelOf({ sizes, likelihood }: Workload): GenerativeModel {
  const tensors = new Map<string, NamedTensor>();
  const layers: Layer[] = [];
  sizes.slice(1).forEach((size, index) => {
    const inputs = sizes[index] ?? 0;
    const data = new Float32Array(size * inputs);
    fillNormals(data, {
      seed: index,
      stream: 'preview',
      step: 0,
      firstChain: 0,
      chains: 1,
      firstDatum: 0,
      data: size,
      width: inputs,
    });
    // Unit scale for the linear model, as in the paper's; 1/√inputs keeps the activations of the deep one alive.
    if (sizes.length > 2) data.forEach((value, at) => (data[at] = value / Math.sqrt(inputs)));
    tensors.set(`l${index}.weight`, { name: `l${index}.weight`, shape: [size, inputs], dtype: 'float32', data });
    tensors.set(`l${index}.bias`, {
      name: `l${index}.bias`,
      shape: [size],
      dtype: 'float32',
      data: new Float32Array(size),
    });
    layers.push({ linear: `l${index}` });
    if (index < sizes.length - 2) layers.push('tanh');
  });
  if (sizes.length > 2) layers.push('sigmoid');
  const checkpoint = { path: 'benchmark', tensors, metadata: new Map() } as unknown as Checkpoint;
  return buildModel({ checkpoint: 'benchmark', decoder: layers, likelihood }, checkpoint);
}

export interface Timing {
  /** Of a whole transition divided by its gradient evaluations. */
  readonly secondsPerGradient: number;
  readonly secondsPerTransition: number;
  /** Share of the time that is spent outside the runtime. */
  readonly overhead: number;
}

/** A loop ready to be timed again and again. */
export interface Prepared {
  readonly nodes: number;
  time(): Promise<Timing>;
  dispose(): Promise<void>;
}

export async function prepare(device: Device, workload: Workload): Promise<Prepared> {
  const { chains, data, leapfrog, transitions } = workload;
  const model = modelOf(workload);
  const { latent, outputs, constants } = model.decoder;
  const inside = { seconds: 0, nodes: 0 };
  const problem: AnnealingProblem = {
    device: timed(device, inside),
    latent,
    constants,
    inputs: (count) => ({ x: { shape: [count, outputs] } }),
    path: (tensors: Record<string, tf.Tensor>) => posteriorPath(model, diagonalGaussian('prior', latent, ''), tensors),
  };
  const programs: AnnealedPrograms = await compileAnnealing(problem, chains, data);
  const place = { seed: 0, firstChain: 0, chains, firstDatum: 0, data };
  const start = new Float32Array(chains * data * latent);
  fillNormals(start, { ...place, stream: 'forwardInitial', step: 0, width: latent });
  const x = new Float32Array(data * outputs);
  fillNormals(x, { ...place, chains: 1, stream: 'dataNoise', step: 0, width: outputs });
  const options: AnnealOptions = {
    direction: 'forward',
    start,
    inputs: { x },
    betas: betasOf({ type: 'linear' }, transitions + 1),
    stepSizes: new Float64Array(transitions + 2).fill(0.05),
    jitter: 0,
    leapfrog,
    noise: { ...place, momentum: 'forwardMomentum', accept: 'forwardAccept' },
  };
  const once = async (): Promise<Timing> => {
    const run = anneal(programs, options);
    await run.next();
    inside.seconds = 0;
    // The first transition has just been made, with the evaluation that starts a chain; the clock runs from the second.
    const began = performance.now();
    let next = await run.next();
    while (next.done !== true) next = await run.next();
    const seconds = (performance.now() - began) / 1000;
    const secondsPerTransition = seconds / (transitions - 1);
    return {
      secondsPerTransition,
      secondsPerGradient: secondsPerTransition / leapfrog,
      overhead: 1 - inside.seconds / seconds,
    };
  };
  await once();
  return { nodes: inside.nodes, time: once, dispose: () => programs.dispose() };
}

/** A device that counts the time its programs take. */
function timed(device: Device, inside: { seconds: number; nodes: number }): Device {
  return {
    ...device,
    compile: async (fn, options) => {
      const program: Program = await device.compile(fn, options);
      inside.nodes += program.nodes;
      return {
        ...program,
        run: async (feeds, into) => {
          const began = performance.now();
          const outputs = await program.run(feeds, into);
          inside.seconds += (performance.now() - began) / 1000;
          return outputs;
        },
      };
    },
  };
}
