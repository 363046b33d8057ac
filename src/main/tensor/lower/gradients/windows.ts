import * as tf from '@tensorflow/tfjs-core';
import { gradient, kernel, nothing } from './kernel';

type Filtered = { x: tf.Tensor; dy: tf.Tensor; filter: tf.Tensor };

/** Both backward kernels of a convolution are linear in each input, so their gradients are the other two kernels. */
function backpropGradients(forward: string): tf.GradConfig[] {
  const [toInput, toFilter] = [`${forward}BackpropInput`, `${forward}BackpropFilter`];
  return [
    gradient(toInput, ['dy', 'filter'], (ddx, saved, attrs) => {
      const { dy, filter } = saved as Filtered;
      return {
        dy: () => kernel(forward, { x: ddx, filter }, { dilations: 1, ...attrs }),
        filter: () => kernel(toFilter, { x: ddx, dy }, { ...attrs, filterShape: filter.shape }),
      };
    }),
    gradient(toFilter, ['x', 'dy'], (ddw, saved, attrs) => {
      const { x, dy } = saved as Filtered;
      return {
        x: () => kernel(toInput, { dy, filter: ddw }, { ...attrs, inputShape: x.shape }),
        dy: () => kernel(forward, { x, filter: ddw }, { dilations: 1, ...attrs }),
      };
    }),
  ];
}

interface PoolAttributes {
  readonly filterSize: [number, number];
  readonly strides: [number, number];
  readonly pad: 'valid' | 'same' | number;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

/** tfjs forgets how sizes were rounded on the way to these gradients, and then cuts rows off. */
const rounded: readonly tf.GradConfig[] = [
  gradient('Conv2D', ['x', 'filter'], (dy, saved, attrs) => {
    const { x, filter } = saved as Filtered;
    if (!tf.backend_util.tupleValuesAreOne(attrs['dilations'] as number | [number, number])) {
      throw new Error('A dilated convolution (tf.conv2d with dilations) has no gradient.');
    }
    const { strides, pad, dataFormat, dimRoundingMode } = attrs;
    const how = { strides, pad, dataFormat, dimRoundingMode };
    return {
      x: () => kernel('Conv2DBackpropInput', { dy, filter }, { ...how, inputShape: x.shape }),
      filter: () => kernel('Conv2DBackpropFilter', { x, dy }, { ...how, filterShape: filter.shape }),
    };
  }),
  gradient('AvgPool', ['x'], (dy, saved, attrs) => ({
    x: () => kernel('AvgPoolGrad', { dy, input: saved['x'] as tf.Tensor }, attrs),
  })),
  {
    kernelName: 'MaxPool',
    inputsToSave: ['x'],
    outputsToSave: [true],
    gradFunc: (dy, saved, attrs) => {
      const [input, output] = saved as [tf.Tensor, tf.Tensor];
      return { x: () => kernel('MaxPoolGrad', { dy: dy as tf.Tensor, input, output }, attrs) };
    },
  },
];

/** Second-order gradients that tfjs lacks: a network with these layers could be differentiated once only. */
export const windowGradients: readonly tf.GradConfig[] = [
  ...rounded,
  ...backpropGradients('Conv2D'),
  ...backpropGradients('DepthwiseConv2dNative'),
  gradient('AvgPoolGrad', ['input'], (ddx, saved, attrs) => ({
    dy: () => kernel('AvgPool', { x: ddx }, attrs),
    input: nothing(saved['input'] as tf.Tensor),
  })),
  // What went to the largest entry of a window comes from there.
  gradient('MaxPoolGrad', ['input', 'output'], (ddx, saved, attrs) => {
    const { input, output } = saved as { input: tf.Tensor4D; output: tf.Tensor };
    const { filterSize, strides, pad, dimRoundingMode } = attrs as unknown as PoolAttributes;
    return {
      dy: () => {
        if (dimRoundingMode !== undefined && dimRoundingMode !== null) {
          throw new Error('A rounded tf.maxPool (dimRoundingMode) cannot be differentiated twice.');
        }
        const { indexes } = tf.maxPoolWithArgmax(input, filterSize, strides, pad, true) as { indexes: tf.Tensor };
        return tf.reshape(tf.gather(tf.reshape(ddx, [-1]), tf.reshape(tf.cast(indexes, 'int32'), [-1])), output.shape);
      },
      input: nothing(input),
      output: nothing(output),
    };
  }),
  ...['ResizeBilinear', 'ResizeNearestNeighbor'].map((forward) =>
    gradient(`${forward}Grad`, ['images', 'dy'], (ddx, saved, attrs) => ({
      dy: () => kernel(forward, { images: ddx }, { ...attrs, size: (saved['dy'] as tf.Tensor).shape.slice(1, 3) }),
      images: nothing(saved['images'] as tf.Tensor),
    })),
  ),
];
