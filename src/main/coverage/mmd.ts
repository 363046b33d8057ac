import type { PairBlock, PairVisitor } from './pairs';

/**
 * A kernel, or its negative for the energy distance: exp(−d²/(2l²)), (1 + d²/l²)^−½, exp(−d/l), −d (Székely and Rizzo 2013). A Gaussian with `halvings` is the
 * sum over the bandwidths l, l/2, … l/2^halvings.
 */
export type Kernel =
  | { readonly type: 'gaussian'; readonly bandwidth: number; readonly halvings?: number }
  | { readonly type: 'imq' | 'laplace'; readonly bandwidth: number }
  | { readonly type: 'energy' };

export interface Mmd {
  /** MMD² as a U-statistic: may be negative, and is what to report and to average. */
  readonly unbiased: number;
  /** Of it, to first order in the noise of each sample (0 at the null, where the permutation test tells). */
  readonly error: number;
  /** MMD² with the diagonal, a V-statistic: never negative, above zero for exact samples. */
  readonly biased: number;
  /** With importance weights for x: pairs i ≠ j over 1 − Σ W². */
  readonly weighted?: number;
}

/**
 * Maximum mean discrepancy (Gretton et al. 2012, "A kernel two-sample test", equations 3 and 5) of n samples against m, added up over
 * the blocks of a pass; O((n + m)² d) for the pass, which several kernels share.
 * @param weights W_i of x, of sum 1
 */
export function mmdSums(kernel: Kernel, n: number, m: number, weights?: Float64Array): PairVisitor & { result(): Mmd } {
  const top = kernel.type === 'energy' ? 0 : kernel.type === 'gaussian' ? 1 + (kernel.halvings ?? 0) : 1;
  const sign = kernel.type === 'energy' ? -1 : 1;
  // Sums of each point's kernel values, within its set and across.
  const within = { x: new Float64Array(n), y: new Float64Array(m) };
  const across = { x: new Float64Array(n), y: new Float64Array(m) };
  let [weightedWithin, weightedAcross] = [0, 0];
  // As long as the longest row of a block.
  const values = new Float64Array(512);
  return {
    visit(block, sets) {
      const [rowSums, columnSums] =
        sets === 'xx' ? [within.x, within.x] : sets === 'yy' ? [within.y, within.y] : [across.x, across.y];
      block.totals.fill(0);
      for (let row = 0; row < block.rows; row += 1) {
        const i = block.rowFrom + row;
        const total = sign * addRow(kernel, block, row, weights !== undefined && sets === 'xx' ? values : undefined);
        rowSums[i] = (rowSums[i] ?? NaN) + total;
        if (weights === undefined) continue;
        if (sets === 'xy') weightedAcross += ((weights[i] ?? NaN) * total) / m;
        else if (sets === 'xx') weightedWithin += 2 * sign * (weights[i] ?? NaN) * dot(values, weights, block);
      }
      const { columnFrom, columns, totals } = block;
      for (let column = 0; column < columns; column += 1)
        columnSums[columnFrom + column] = (columnSums[columnFrom + column] ?? NaN) + sign * (totals[column] ?? NaN);
    },
    result() {
      const [xx, yy] = [sum(within.x), sum(within.y)];
      const xy = sum(across.x) / (n * m);
      const unbiased = xx / (n * (n - 1)) + yy / (m * (m - 1)) - 2 * xy;
      const squares = weights?.reduce((total, weight) => total + weight * weight, 0) ?? NaN;
      return {
        unbiased,
        error: Math.sqrt(
          4 * spread(n, (i) => (within.x[i] ?? NaN) / (n - 1) - (across.x[i] ?? NaN) / m) +
            4 * spread(m, (j) => (within.y[j] ?? NaN) / (m - 1) - (across.y[j] ?? NaN) / n),
        ),
        biased: (xx + top * n) / (n * n) + (yy + top * m) / (m * m) - 2 * xy,
        ...(weights === undefined
          ? {}
          : {
              weighted: weightedWithin / (1 - squares) + yy / (m * (m - 1)) - 2 * weightedAcross,
            }),
      };
    },
  };
}

/** Of one pair, without a block. */
export function kernelValue(kernel: Kernel, squared: number): number {
  switch (kernel.type) {
    case 'gaussian': {
      let total = 0;
      for (let halving = 0; halving <= (kernel.halvings ?? 0); halving += 1)
        total += Math.exp(-squared / (2 * (kernel.bandwidth / 2 ** halving) ** 2));
      return total;
    }
    case 'imq':
      return 1 / Math.sqrt(1 + squared / kernel.bandwidth ** 2);
    case 'laplace':
      return Math.exp(-Math.sqrt(squared) / kernel.bandwidth);
    case 'energy':
      return -Math.sqrt(squared);
  }
}

/**
 * Adds the kernel values of a row of a block to the block's totals, 0 where there is no pair; distances for the energy distance, whose
 * kernel is their negative. Returns their sum.
 * @param values where to leave them too
 */
function addRow(kernel: Kernel, block: PairBlock, row: number, values: Float64Array | undefined): number {
  const { scratch, columns, totals, stride } = block;
  if (kernel.type === 'gaussian') {
    let total = block.exps(row, -0.5 / kernel.bandwidth ** 2);
    values?.set(scratch.subarray(0, stride));
    for (let halving = 0; halving < (kernel.halvings ?? 0); halving += 1) {
      total += block.fourths();
      if (values === undefined) continue;
      for (let column = 0; column < columns; column += 1)
        values[column] = (values[column] ?? NaN) + (scratch[column] ?? NaN);
    }
    return total;
  }
  if (kernel.type === 'energy') {
    const total = block.roots(row);
    values?.set(scratch.subarray(0, stride));
    return total;
  }
  let total = 0;
  for (let column = 0; column < columns; column += 1) {
    const squared = block.squares[row * stride + column] ?? NaN;
    const value = squared === Number.POSITIVE_INFINITY ? 0 : kernelValue(kernel, squared);
    totals[column] = (totals[column] ?? NaN) + value;
    if (values !== undefined) values[column] = value;
    total += value;
  }
  return total;
}

function dot(values: Float64Array, weights: Float64Array, { columnFrom, columns }: PairBlock): number {
  let total = 0;
  for (let column = 0; column < columns; column += 1)
    total += (weights[columnFrom + column] ?? NaN) * (values[column] ?? NaN);
  return total;
}

function sum(values: Float64Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

/** Variance of the mean of n terms. */
function spread(n: number, term: (i: number) => number): number {
  let mean = 0;
  for (let i = 0; i < n; i += 1) mean += term(i) / n;
  let squares = 0;
  for (let i = 0; i < n; i += 1) squares += (term(i) - mean) ** 2;
  return n < 2 ? NaN : squares / (n * (n - 1));
}
