import * as tf from '@tensorflow/tfjs-core';

/** The gradient for an operand is an Einsum too, with the operand and the result in each other's place. tfjs has none. */
export const einsumGradient: tf.GradConfig = {
  kernelName: 'Einsum',
  saveAllInputs: true,
  gradFunc: (dy, saved, attrs) => {
    const equation = (attrs as unknown as { equation: string }).equation.replace(/\s/g, '');
    const [left = '', result = ''] = equation.split('->');
    const terms = left.split(',');
    const derivative = (index: number): tf.Tensor => {
      const term = terms[index] ?? '';
      const others = terms.filter((_, other) => other !== index);
      const known = new Set([...others.join(''), ...result]);
      if ([...term].some((letter, at) => !known.has(letter) || term.indexOf(letter) !== at)) {
        throw new Error(
          `tf.einsum("${equation}") has no gradient for "${term}": sum the axis that only it has with tf.sum.`,
        );
      }
      const rest = saved.filter((_, other) => other !== index);
      return tf.einsum(`${[...others, result].join()}->${term}`, ...rest, dy as tf.Tensor);
    };
    return Object.fromEntries(terms.map((_, index) => [index, () => derivative(index)]));
  },
};
