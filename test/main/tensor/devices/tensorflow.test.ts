import { createRequire } from 'node:module';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { describe, expect, it } from 'vitest';
import { reference } from '../../../../src/main/tensor/devices/reference';
import {
  bridge,
  tensorflowModule,
  type ForeignTfjs,
  type Loader,
} from '../../../../src/main/tensor/devices/tensorflow';
import { parityPrograms } from './programs';

/** A stand-in for the package: another copy of tfjs-core, as CommonJS, whose "tensorflow" is the plain CPU backend renamed. */
function anotherCopy(): ForeignTfjs {
  const require = createRequire(import.meta.url);
  const copy = require('@tensorflow/tfjs-core') as typeof tf;
  expect(copy.registerKernel).not.toBe(tf.registerKernel);
  copy.registerBackend('tensorflow', () => Object.create(copy.findBackend('cpu')) as tf.KernelBackend, 3);
  for (const kernel of copy.getKernelsForBackend('cpu')) {
    copy.registerKernel({ ...kernel, backendName: 'tensorflow' });
  }
  // The package chooses its backend when it is loaded.
  void copy.setBackend('tensorflow');
  return copy;
}

const loaderOf = (changes: Partial<Loader>): Loader => ({
  find: () => 'somewhere',
  try: async () => ({ ended: 'well', answer: '4.22.0' }),
  load: anotherCopy,
  ...changes,
});

describe('the tensorflow device', () => {
  it('computes through another copy of tfjs', async () => {
    await tf.setBackend('cpu');
    const module = tensorflowModule(loaderOf({}));
    expect(await module.check()).toEqual({
      available: true,
      detail: 'TensorFlow.js 4.22.0, @tensorflow/tfjs-node-gpu',
    });
    const device = await module.open();
    expect(tf.getBackend()).toBe('cpu');
    for (const { fn, options, feeds } of parityPrograms) {
      const program = await device.compile(fn, options);
      const expected = await reference.compile(fn, options);
      expect(await program.run(feeds)).toEqual(await expected.run(feeds));
    }
  });

  it('registers what the other copy keeps to itself', () => {
    const kernel: tf.KernelConfig = { kernelName: 'Foreign', backendName: 'tensorflow', kernelFunc: () => [] };
    bridge(() => ({ findBackend: () => tf.findBackend('cpu'), getKernelsForBackend: () => [kernel] }));
    expect(tf.getKernel('Foreign', 'tensorflow')).toBe(kernel);
    expect(tf.findBackend('tensorflow')).not.toBeNull();
  });

  it('says how to install it, or why it does not load', async () => {
    const absent = tensorflowModule(
      loaderOf({
        find: () => {
          throw new Error('Cannot find module');
        },
      }),
    );
    expect(await absent.check()).toEqual({
      available: false,
      reason: 'needs the optional package @tensorflow/tfjs-node-gpu',
      fix: 'Run "npm install --no-save @tensorflow/tfjs-node-gpu@4.22.0" on a machine with CUDA 11.2 and cuDNN 8.1, or use "cpu".',
    });
    const broken = tensorflowModule(
      loaderOf({ try: async () => ({ ended: 'badly', message: 'tfjs_binding.node is missing', log: '' }) }),
    );
    expect(await broken.check()).toMatchObject({
      reason: 'cannot load its package (tfjs_binding.node is missing)',
    });
  });
});
