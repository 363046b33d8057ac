import * as tf from '@tensorflow/tfjs-core';
import { isAbsolute, join } from 'node:path';
import { InputError } from '../../shared/errors';
import type { TargetOf } from '../../shared/runFile/target';
import { readTabular, type Tabular } from '../datasets/tabular';
import { exact } from '../tensor/exact';
import { scaledDesign } from './design';
import { regressionFits } from './idealFits';
import { learnedPrecision, type PrecisionPrior } from './learnedPrecision';
import type { Regression } from './oracles/logisticRegression';
import { firstTwo } from './plane';
import { uniformRows } from './random';
import type { HeldOut, Target } from './types';

/** What a regression is fitted to and scored on. */
export interface RegressionData extends Regression {
  /** d, the intercept included. */
  readonly dim: number;
  readonly heldOut?: HeldOut;
  /** Where the precision of the prior is learned too; the width of the prior then counts for nothing. */
  readonly precision?: PrecisionPrior;
  /** Names of the weights, the intercept first. */
  readonly weights: readonly string[];
  readonly notes: readonly string[];
}

/**
 * Bayesian logistic regression on a file: w ~ N(0, τ²I) with the intercept first, y ~ Bernoulli(sigmoid(xᵀw)).
 * @param directory where relative paths start
 * @throws InputError in one line
 */
export function logisticRegression(spec: TargetOf<'logistic-regression'>, directory: string): Target {
  const table = readRegression(spec, directory);
  return regressionTarget(`Logistic regression on ${table.name}`, regressionData(table, spec));
}

export function readRegression(spec: TargetOf<'logistic-regression'>, directory: string): Tabular {
  const { format, label, positive, exclude, missing } = spec;
  const path = isAbsolute(spec.file) ? spec.file : join(directory, spec.file);
  return readTabular(path, { format, label, positive, exclude, missing });
}

/** Rows in a seeded order are cut into those to fit and those to test on; features are scaled by the ones to fit. */
export function regressionData(table: Tabular, spec: TargetOf<'logistic-regression'>): RegressionData {
  const { count } = table;
  const order =
    spec.split === undefined ? Array.from({ length: count }, (_, i) => i) : shuffled(count, spec.split.seed);
  const fitted = spec.split === undefined ? count : Math.floor(spec.split.train * count);
  if (fitted < 1) throw new InputError('target.split.train', `leaves none of the ${count} rows to fit`, 'Raise it.');
  const [first, rest] = [order.slice(0, fitted), order.slice(fitted)];
  const { design, heldOut, constant } = scaledDesign(table, first, rest, spec.scaling);
  const labels = (rows: readonly number[]): Int32Array => Int32Array.from(rows, (row) => table.labels[row] ?? 0);
  return {
    dim: table.columns.length + 1,
    design,
    labels: labels(first),
    priorStd: spec.priorStd,
    ...(spec.precision === undefined ? {} : { precision: spec.precision }),
    ...(rest.length > 0 ? { heldOut: { design: heldOut, labels: labels(rest), rows: rest.length } } : {}),
    weights: ['intercept', ...table.columns],
    notes: notesOf(table, constant),
  };
}

function notesOf({ columns, classes, dropped, labelColumn }: Tabular, constant: readonly number[]): string[] {
  const names = constant.map((index) => columns[index] ?? '');
  const [one, more] = [names.length === 1, names.length > 5];
  return [
    `Class 1 is "${classes[1]}", class 0 is "${classes[0]}" (${labelColumn}).`,
    ...(names.length === 0
      ? []
      : [
          `The column${one ? '' : 's'} ${names.slice(0, 5).join(', ')}${more ? ` and ${names.length - 5} more` : ''} ${one ? 'is' : 'are'} constant; the data say nothing of ${one ? 'its weight' : 'their weights'} beside the intercept.`,
        ]),
    ...(dropped === 0 ? [] : [`${dropped} row${dropped === 1 ? ' was' : 's were'} left out, with a missing cell.`]),
  ];
}

function shuffled(count: number, seed: number): number[] {
  const uniforms = uniformRows({ seed, stream: 'targetDraw', step: 0, count, width: 1 });
  return Array.from({ length: count }, (_, i) => i).sort((a, b) => (uniforms[a] ?? NaN) - (uniforms[b] ?? NaN));
}

/** The target of a design matrix and labels. */
export function regressionTarget(name: string, data: RegressionData): Target {
  const { dim, design, labels, priorStd, heldOut, weights, notes, precision } = data;
  const rows = labels.length;
  // −x_i where y_i is 1, x_i where it is 0, as columns: log p(y_i | w) = −softplus of the product with w.
  const signed = new Float64Array(design.length);
  for (let row = 0; row < rows; row += 1) {
    const sign = labels[row] === 1 ? -1 : 1;
    for (let i = 0; i < dim; i += 1) signed[i * rows + row] = sign * (design[row * dim + i] ?? NaN);
  }
  if (precision !== undefined) return learnedPrecision(name, data, signed, precision);
  const logNormaliser = 0.5 * dim * Math.log(2 * Math.PI * priorStd * priorStd);
  return {
    name,
    dim,
    constants: { 'target.signedDesign': { shape: [dim, rows], data: signed } },
    logDensity: (tensors) => (w) => {
      const logits = tf.matMul(w, tensors['target.signedDesign'] as tf.Tensor2D);
      const prior = tf.mul(tf.sum(tf.square(w), 1), exact(-0.5 / (priorStd * priorStd)));
      return tf.sub(tf.sub(prior, tf.sum(tf.softplus(logits), 1)), exact(logNormaliser));
    },
    truth: { source: 'The posterior has no closed form; long chains of HMC are its ground truth.' },
    idealFits: regressionFits(data),
    labels: weights,
    notes,
    ...(heldOut === undefined ? {} : { heldOut }),
    ...firstTwo(dim, undefined, weights),
  };
}
