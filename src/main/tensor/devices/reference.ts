// First, because it silences tfjs, which otherwise advises on the terminal to install another backend.
import { eagerProgram } from './eager';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import type { Device } from '../types';
import type { DeviceModule } from './module';

/** tfjs's own plain CPU backend, eager: slow, simple, and what every lowering is checked against. */
export const reference: Device = {
  name: 'reference',
  compile: async (fn, options) => {
    await tf.ready();
    return eagerProgram('cpu', fn, options, 'reference');
  },
};

export const referenceModule: DeviceModule = {
  check: async () => ({ available: true, detail: `TensorFlow.js ${tf.version_core} in plain JavaScript, slow` }),
  open: async () => reference,
};
