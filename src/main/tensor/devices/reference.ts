import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { eagerProgram } from './eager';
import type { Device } from '../types';

/** tfjs's own plain CPU backend, eager: slow, simple, and what every lowering is checked against. */
export const reference: Device = {
  name: 'reference',
  compile: async (fn, options) => {
    await tf.ready();
    return eagerProgram('cpu', fn, options);
  },
};
