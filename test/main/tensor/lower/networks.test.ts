import * as tf from '@tensorflow/tfjs-core';
import { floats, parity, within, type CaseInput } from './parity';

/** Weights small enough that activations stay in the range where single precision resolves them. */
const weights = (...shape: number[]): CaseInput => within(-0.5, 0.5, ...shape);
const norm = (channels: number): CaseInput[] => [
  within(-0.3, 0.3, channels),
  within(0.5, 1.5, channels),
  weights(channels),
  within(0.5, 1.5, channels),
];

type Four = [tf.Tensor1D, tf.Tensor1D, tf.Tensor1D, tf.Tensor1D];

/** A decoder as in a DCGAN: a dense layer, transposed convolutions (kernel 4, stride 2, padding 1), batch norm and ReLU. */
function decoder(z: tf.Tensor, ...[dense, first, second, ...statistics]: tf.Tensor[]): tf.Tensor {
  const pad = [
    [0, 0],
    [1, 1],
    [1, 1],
    [0, 0],
  ] as unknown as 'same';
  const seed = tf.relu(tf.reshape<tf.Rank.R4>(tf.matMul(z, dense as tf.Tensor), [2, 2, 2, 4]));
  const hidden = tf.conv2dTranspose(seed, first as tf.Tensor4D, [2, 4, 4, 3], 2, pad);
  const [mean, variance, offset, scale] = statistics as Four;
  const active = tf.relu(tf.batchNorm4d(hidden, mean, variance, offset, scale));
  return tf.tanh(tf.conv2dTranspose(active, second as tf.Tensor4D, [2, 8, 8, 1], 2, pad));
}

const decoderInputs = [floats(2, 3), weights(3, 16), weights(4, 4, 3, 4), weights(4, 4, 1, 3), ...norm(3)];

parity('networks', [
  { name: 'convolutional decoder', inputs: decoderInputs, fn: decoder },
  {
    name: 'Gaussian log density of its output',
    inputs: decoderInputs,
    fn: (z, ...rest) => {
      const image = tf.reshape(tf.sin(tf.linspace(0, 9, 128)), [2, 8, 8, 1]);
      const misfit = tf.sum(tf.square(tf.sub(decoder(z, ...rest), image)), [1, 2, 3]);
      return tf.sub(tf.mul(misfit, -0.5), tf.mul(tf.sum(tf.square(z), 1), 0.5));
    },
  },
  {
    name: 'convolutional classifier',
    inputs: [floats(2, 9, 8, 1), weights(3, 3, 1, 3), weights(3), weights(3, 3, 3, 4), weights(12, 5), weights(5)],
    fn: (x, filter, bias, deep, dense, last) => {
      const first = tf.elu(tf.add(tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, 1, 'same'), bias));
      const pooled = tf.maxPool(first as tf.Tensor4D, 2, 2, 'same');
      const second = tf.leakyRelu(tf.conv2d(pooled, deep as tf.Tensor4D, 2, 'valid'), 0.2);
      const flat = tf.reshape(tf.tile(tf.avgPool(second, [2, 1], 1, 'valid'), [1, 1, 3, 1]), [2, 12]);
      return tf.logSoftmax(tf.add(tf.matMul(flat, dense), last));
    },
  },
  {
    name: 'upsampling decoder',
    inputs: [floats(1, 3, 2, 2), weights(3, 3, 2, 3), weights(3, 3, 3, 1)],
    fn: (x, first, second) => {
      const larger = tf.image.resizeNearestNeighbor(x as tf.Tensor4D, [6, 4]);
      const hidden = tf.selu(tf.conv2d(larger, first as tf.Tensor4D, 1, 'same'));
      const padded = tf.mirrorPad(
        tf.image.resizeBilinear(hidden, [8, 8], true),
        [
          [0, 0],
          [1, 1],
          [1, 1],
          [0, 0],
        ],
        'reflect',
      );
      return tf.sigmoid(tf.conv2d(padded, second as tf.Tensor4D, 1, 'valid'));
    },
    // tfjs's gradient of a bilinear resize mixes up height and width unless the input is square.
    order: 0,
  },
  {
    name: 'Bernoulli log likelihood of a dense decoder',
    inputs: [floats(3, 4), weights(4, 6), weights(6), weights(6, 5), weights(5), within(0, 1, 3, 5)],
    fn: (z, w0, b0, w1, b1, x) => {
      const hidden = tf.tanh(tf.add(tf.matMul(z, w0), b0));
      const logits = tf.add(tf.matMul(hidden, w1), b1);
      return tf.sum(tf.sub(tf.mul(x, logits), tf.softplus(logits)), 1);
    },
  },
  {
    name: 'self-normalised importance weights',
    inputs: [floats(4, 3), weights(3, 2), weights(2, 1)],
    fn: (z, w0, w1) => {
      const log = tf.squeeze(tf.matMul(tf.softplus(tf.matMul(z, w0)), w1), [1]);
      return tf.add(tf.logSumExp(log), tf.sum(tf.mul(tf.softmax(log), log)));
    },
  },
]);
