import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import { einsumGradient } from './einsum';
import { elementwiseGradients } from './elementwise';
import { indexingGradients } from './indexing';
import { productGradient } from './product';
import { repairTape } from './tape';
import { windowGradients } from './windows';

/**
 * Gradients that tfjs lacks or gets wrong, registered over its own. They are made of tfjs ops, so they hold on every device
 * and can be differentiated again.
 */
for (const config of [
  ...elementwiseGradients,
  ...windowGradients,
  ...indexingGradients,
  productGradient,
  einsumGradient,
]) {
  tf.registerGradient(config);
}
repairTape();
