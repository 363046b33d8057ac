import * as tf from '@tensorflow/tfjs-core';
import { floats, given, parity, type Case } from './parity';

const ints = (values: number[], shape = [values.length]): Case['inputs'][number] => given(values, 'int32', shape);

parity('gather', [
  { name: 'rows', inputs: [floats(4, 3), ints([3, 0, 3])], fn: (x, i) => tf.gather(x, i) },
  {
    name: 'columns',
    inputs: [floats(4, 3), ints([2, 0])],
    fn: (x, i) => tf.gather(x, i, 1),
  },
  {
    name: 'last axis by its negative',
    inputs: [floats(2, 3, 4), ints([2, 0])],
    fn: (x, i) => tf.gather(x, i, -1),
  },
  {
    name: 'matrix of indices',
    inputs: [floats(4, 3), ints([3, 0, 3, 1], [2, 2])],
    fn: (x, i) => tf.gather(x, i),
  },
  {
    name: 'batches',
    inputs: [floats(2, 4, 3), ints([3, 0, 3, 1, 1, 2], [2, 3])],
    fn: (x, i) => tf.gather(x, i, 1, 1),
  },
  {
    name: 'batches, an axis between',
    inputs: [floats(2, 3, 4), ints([3, 0, 2, 1], [2, 2])],
    fn: (x, i) => tf.gather(x, i, 2, 1),
  },
  {
    name: 'of a broadcast',
    inputs: [floats(1, 3), ints([1, 0])],
    fn: (x, i) => tf.gather(tf.broadcastTo(x, [4, 3]), i),
  },
  {
    name: 'gatherND',
    inputs: [floats(3, 4), ints([2, 0, 1, 3], [2, 2])],
    fn: (x, i) => tf.gatherND(x, i),
  },
  {
    name: 'gatherND of rows',
    inputs: [floats(3, 4, 2), ints([2, 0, 1, 3], [2, 2])],
    fn: (x, i) => tf.gatherND(x, i),
  },
]);

parity('scatter', [
  {
    name: 'segment sum',
    inputs: [floats(5, 2), ints([0, 2, 0, 1, 2])],
    fn: (x, i) => tf.unsortedSegmentSum(x, i as tf.Tensor1D, 4),
  },
  {
    name: 'segment sum leaves out what is outside',
    inputs: [floats(5), ints([0, -1, 0, 1, -3])],
    fn: (x, i) => tf.unsortedSegmentSum(x, i as tf.Tensor1D, 3),
    order: 0,
  },
  {
    name: 'scatterND adds',
    inputs: [ints([1, 3, 1], [3, 1]), floats(3)],
    fn: (i, x) => tf.scatterND(i, x, [5]),
  },
  {
    name: 'scatterND of rows',
    inputs: [ints([1, 3], [2, 1]), floats(2, 3)],
    fn: (i, x) => tf.scatterND(i, x, [4, 3]),
  },
  {
    name: 'scatterND of entries',
    inputs: [ints([1, 2, 0, 1], [2, 2]), floats(2)],
    fn: (i, x) => tf.scatterND(i, x, [2, 3]),
  },
]);

parity('products', [
  ...[false, true].flatMap((ta) =>
    [false, true].flatMap((tb): Case[] => [
      {
        name: `matrices ${ta ? 'T' : ''}×${tb ? 'T' : ''}`,
        inputs: [ta ? floats(4, 3) : floats(3, 4), tb ? floats(2, 4) : floats(4, 2)],
        fn: (a, b) => tf.matMul(a, b, ta, tb),
      },
      {
        name: `stacks ${ta ? 'T' : ''}×${tb ? 'T' : ''}`,
        inputs: [ta ? floats(2, 4, 3) : floats(2, 3, 4), tb ? floats(2, 2, 4) : floats(2, 4, 2)],
        fn: (a, b) => tf.matMul(a, b, ta, tb),
      },
    ]),
  ),
  ...[false, true].map((tb): Case => ({
    name: `a large matrix T×${tb ? 'T' : ''}`,
    inputs: [floats(80, 60), tb ? floats(5, 80) : floats(80, 5)],
    fn: (a, b) => tf.matMul(tf.mul(a, 3), b, true, tb),
  })),
  {
    name: 'with a broadcast',
    inputs: [floats(3, 1), floats(4, 2)],
    fn: (a, b) => tf.matMul(tf.broadcastTo(a, [3, 4]), b),
  },
  { name: 'dot', inputs: [floats(4), floats(4)], fn: (a, b) => tf.dot(a, b) },
  { name: 'outer', inputs: [floats(4), floats(3)], fn: (a, b) => tf.outerProduct(a as tf.Tensor1D, b as tf.Tensor1D) },
  {
    name: 'a layer with a bias',
    inputs: [floats(3, 4), floats(4, 2), floats(2)],
    fn: (x, w, b) => tf.tanh(tf.add(tf.matMul(x, w), b)),
  },
  {
    name: 'einsum ij,jk->ik',
    inputs: [floats(3, 4), floats(4, 2)],
    fn: (a, b) => tf.einsum('ij,jk->ik', a, b),
  },
  {
    name: 'einsum bij,bj->bi',
    inputs: [floats(2, 3, 4), floats(2, 4)],
    fn: (a, b) => tf.einsum('bij,bj->bi', a, b),
  },
]);
