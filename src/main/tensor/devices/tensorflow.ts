import { createRequire } from 'node:module';
import util from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import { oneLine } from '../../../shared/errors';
import { eagerProgram } from './eager';
import { once, unavailable, type Availability, type DeviceModule } from './module';
import { trial, unfinished, type Trial } from './trial';

/** Optional and large; `require` by this name is invisible to bundlers, which must leave native modules alone. */
const packageName = '@tensorflow/tfjs-node-gpu';
const backend = 'tensorflow';

/** What is used of the package. It brings a copy of tfjs-core of its own. */
export interface ForeignTfjs {
  findBackend(name: string): tf.KernelBackend | null;
  getKernelsForBackend(name: string): tf.KernelConfig[];
}

/** How the package is found, tried and loaded; tests put another in its place. */
export interface Loader {
  /** Where the package is. @throws when it is not installed */
  find(): string;
  /** Loads it in a process of its own: TensorFlow takes the GPU's memory as soon as it is loaded, and listing must not. */
  try(path: string): Promise<Trial>;
  load(path: string): ForeignTfjs;
}

const tryCode = `
  const util = require('node:util');
  util.isNullOrUndefined ??= (value) => value === null || value === undefined;
  const tf = require(args[0]);
  if (tf.add(1, 2).dataSync()[0] !== 3) throw new Error('It computes wrong numbers.');
  return tf.version['tfjs-core'];
`;

const installed: Loader = {
  find: () => createRequire(import.meta.url).resolve(packageName),
  try: (path) => trial(tryCode, [path]),
  load: (path) => createRequire(import.meta.url)(path) as ForeignTfjs,
};

/** Eager TensorFlow, for machines with the CUDA that it needs. */
export function tensorflowModule(loader: Loader): DeviceModule {
  const check = once(async (): Promise<Availability> => {
    let path: string;
    try {
      path = loader.find();
    } catch {
      return unavailable(
        `needs the optional package ${packageName}`,
        `Run "npm install --no-save ${packageName}@4.22.0" on a machine with CUDA 11.2 and cuDNN 8.1, or use "cpu".`,
      );
    }
    return judge(await loader.try(path));
  });
  const load = once(async () => bridge(() => loader.load(loader.find())));
  return {
    check,
    open: async () => {
      await load();
      return { name: backend, compile: async (fn, options) => eagerProgram(backend, fn, options) };
    },
  };
}

export const tensorflow = tensorflowModule(installed);

function judge(result: Trial): Availability {
  if (result.ended === 'well')
    return { available: true, detail: `TensorFlow.js ${String(result.answer)}, ${packageName}` };
  const reason =
    result.ended === 'badly' ? `cannot load its package (${oneLine(result.message, 200)})` : unfinished(result);
  return unavailable(reason, `Check that CUDA 11.2 and cuDNN 8.1 are there, or use "cpu".`);
}

/**
 * Loads the package and makes its backend and kernels those of our tfjs-core. Copies of tfjs-core that see each other's globals
 * share their registries already; then there is nothing left to register, only the choice of backend to put back.
 */
export function bridge(load: () => ForeignTfjs): void {
  // Node 23 removed it and the package still calls it.
  const old = util as { isNullOrUndefined?: (value: unknown) => boolean };
  old.isNullOrUndefined ??= (value) => value === null || value === undefined;
  const before = tf.getBackend() as string | undefined;
  const theirs = load();
  if (tf.findBackend(backend) === null) {
    const instance = theirs.findBackend(backend);
    if (instance === null) throw new Error(`The package ${packageName} has no backend ${backend}.`);
    tf.registerBackend(backend, () => instance, 0);
  }
  for (const kernel of theirs.getKernelsForBackend(backend)) {
    if (tf.getKernel(kernel.kernelName, backend) === undefined) tf.registerKernel(kernel);
  }
  if (before) void tf.setBackend(before);
}
