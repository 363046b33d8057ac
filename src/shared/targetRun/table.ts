import { intervalCell, numberCell, textCell, type Cell, type DataTable, type TableColumn } from '../tables';
import type { Result } from '../result';
import { isSampler } from './names';
import { targetSummary, type MethodSummary, type OracleSummary, type TargetSummary } from './summary';

export type MethodColumnId =
  | 'bound'
  | 'upper'
  | 'estimate'
  | 'gap'
  | 'maeMean'
  | 'maeStd'
  | 'heldOutLogPredictive'
  | 'heldOutAccuracy'
  | 'entropy'
  | 'ess'
  | 'essBack'
  | 'largestWeight'
  | 'topWeights'
  | 'rHat'
  | 'modesFound'
  | 'weightError'
  | 'mmd'
  | 'wasserstein'
  | 'seconds'
  | 'gradientEvaluations';

/** A column of the table of methods. */
export interface MethodColumn extends TableColumn {
  readonly id: MethodColumnId;
  readonly help: string;
  /** Which way is better; undefined where none is. */
  readonly better?: 'more' | 'less';
}

const nats = { unit: 'nats', numeric: true } as const;

const methodColumns: readonly MethodColumn[] = [
  {
    ...{ id: 'bound', name: 'log_z_lower_nats', label: 'log Z ≥', ...nats, interval: true, better: 'more' },
    help: 'Lower bound on log Z ± its 95 % interval over groups of draws.',
  },
  {
    ...{ id: 'upper', name: 'log_z_upper_nats', label: 'log Z ≤', ...nats, interval: true, better: 'less' },
    help: 'Upper bound on log Z ± its 95 % interval, by paths that run back from exact samples.',
  },
  {
    ...{ id: 'estimate', name: 'log_z_estimate_nats', label: 'log Z ≈', ...nats },
    help: 'Logarithm of the mean weight: unbiased before the logarithm, and no bound.',
  },
  {
    id: 'gap',
    name: 'gap_nats',
    label: 'Gap to log Z',
    ...nats,
    better: 'less',
    help: 'log Z minus the bound, where log Z is known.',
  },
  {
    ...{ id: 'maeMean', name: 'mae_mean', label: 'Error of means', numeric: true, better: 'less' },
    help: 'Mean absolute error of the means over the coordinates.',
  },
  {
    ...{ id: 'maeStd', name: 'mae_std', label: 'Error of stds', numeric: true, better: 'less' },
    help: 'Mean absolute error of the standard deviations over the coordinates.',
  },
  {
    ...{
      id: 'heldOutLogPredictive',
      name: 'held_out_log_predictive_nats',
      label: 'Held-out log p',
      ...nats,
      better: 'more',
    },
    help: 'Mean log probability of a label that was kept back, under the predictions of the whole answer.',
  },
  {
    ...{ id: 'heldOutAccuracy', name: 'held_out_accuracy', label: 'Held-out accuracy', numeric: true, better: 'more' },
    help: 'Share of the labels kept back that are predicted right.',
  },
  { id: 'entropy', name: 'entropy_nats', label: 'Entropy', ...nats, help: 'Of the normal that a method ends in.' },
  {
    ...{ id: 'ess', name: 'ess', label: 'ESS', numeric: true },
    help: 'Effective number of draws: of weighted ones (Σw)²/Σw², of HMC that of its worst coordinate.',
  },
  {
    ...{ id: 'essBack', name: 'ess_back', label: 'ESS back', numeric: true },
    help: 'The same as exact samples of the target see it, which show what a method never draws: n/(mean w · mean 1/w).',
  },
  {
    ...{ id: 'largestWeight', name: 'largest_weight', label: 'Largest weight', numeric: true },
    help: 'Share of the largest weight in the sum of all.',
  },
  {
    ...{ id: 'topWeights', name: 'top_percent_weight', label: 'Top 1 %', numeric: true },
    help: 'Share of the sum that the largest hundredth of the weights has: 0.01 where all are equal.',
  },
  {
    id: 'rHat',
    name: 'r_hat',
    label: 'R-hat',
    numeric: true,
    help: 'Of the worst coordinate; chains that agree have less than 1.01.',
  },
  {
    ...{ id: 'modesFound', name: 'modes_found', label: 'Modes found', numeric: true, better: 'more' },
    help: 'Modes with at least a tenth of the good draws that their weight calls for.',
  },
  {
    ...{ id: 'weightError', name: 'mode_weights_total_variation', label: 'Error of mode weights', numeric: true },
    better: 'less',
    help: 'Total variation between the shares of the draws, not reweighted, and the weights of the modes.',
  },
  {
    ...{ id: 'mmd', name: 'mmd2', label: 'MMD²', numeric: true },
    help: 'Unbiased, from exact samples, with a Gaussian kernel of the median distance: around 0 for a perfect sampler.',
  },
  {
    ...{ id: 'wasserstein', name: 'w2', label: 'W2', numeric: true, better: 'less' },
    help: 'Wasserstein distance of some draws from as many exact samples, which is not 0 for a perfect sampler either.',
  },
  { id: 'seconds', name: 'seconds', label: 'Time', unit: 's', numeric: true, help: 'Training and evaluation.' },
  {
    ...{ id: 'gradientEvaluations', name: 'gradient_evaluations', label: 'Gradients', numeric: true },
    help: 'Gradients of the log density, counted over rows.',
  },
];

/** The columns that some method fills. */
export function columnsFor({ methods, oracles }: Pick<TargetSummary, 'methods' | 'oracles'>): readonly MethodColumn[] {
  return methodColumns.filter(
    ({ id }) =>
      methods.some((method) => valueOf(method, id) !== null) ||
      oracles.some((oracle) => oracleValue(oracle, id) !== null),
  );
}

export function valueOf(method: MethodSummary, id: MethodColumnId): number | null {
  return isBound(id) ? (method[id]?.value ?? null) : method[id];
}

/** Half of the 95 % interval of a bound; null where it has none, and of every other column. */
export function halfWidthOf(method: MethodSummary, id: MethodColumnId): number | null {
  return isBound(id) ? (method[id]?.ci95 ?? null) : null;
}

/** Whether the numbers of a column are bounds, which have an interval. */
export function isBound(id: MethodColumnId): id is 'bound' | 'upper' {
  return id === 'bound' || id === 'upper';
}

export function oracleValue(oracle: OracleSummary, id: MethodColumnId): number | null {
  switch (id) {
    case 'bound':
    case 'gap':
    case 'maeMean':
    case 'maeStd':
    case 'entropy':
      return oracle[id];
    default:
      return null;
  }
}

/**
 * Who is best of a column, by name. One alone is best of nothing; a sampler, which has no bound and stands for the truth or near it, does
 * not compete, nor does what an ideal method would give.
 */
export function bestMethods({
  methods,
}: Pick<TargetSummary, 'methods'>): ReadonlyMap<MethodColumnId, ReadonlySet<string>> {
  return new Map(
    methodColumns.flatMap(({ id, better }) => {
      if (better === undefined) return [];
      const values = methods.flatMap((method) => {
        const value = valueOf(method, id);
        if (value === null || method.isTruth || isSampler(method.type)) return [];
        // A bound above the truth by its noise is no worse than one on it.
        return [{ name: method.name, value: better === 'more' ? value : id === 'upper' ? -value : -Math.abs(value) }];
      });
      if (values.length < 2) return [];
      const most = Math.max(...values.map(({ value }) => value));
      return [[id, new Set(values.filter(({ value }) => value === most).map(({ name }) => name))] as const];
    }),
  );
}

/** Decimals of a number of a column, where no interval says. */
export function methodDecimals(id: MethodColumnId, value: number | null): number {
  switch (id) {
    case 'ess':
    case 'essBack':
    case 'modesFound':
    case 'gradientEvaluations':
      return 0;
    case 'mmd':
      return 5;
    case 'rHat':
    case 'largestWeight':
    case 'topWeights':
    case 'gap':
      return 3;
    case 'seconds':
      return 1;
    case 'maeMean':
    case 'maeStd':
      return value !== null && Math.abs(value) >= 10 ? 1 : 4;
    default:
      return 3;
  }
}

/** The methods of several runs in one table with every column: for other programs. */
export function allMethodsTable(
  runs: readonly {
    readonly row: { readonly id: string; readonly name: string; readonly kind: string };
    readonly result: Result | null;
  }[],
): DataTable {
  const text = (name: string) => ({ name, label: name, numeric: false });
  return {
    columns: [...['run', 'name', 'method', 'settings', 'kind'].map(text), ...methodColumns],
    rows: runs.flatMap(({ row, result }) => {
      if (row.kind !== 'target' || result === null) return [];
      const { methods, oracles } = targetSummary(result);
      const cellsOf = (
        value: (id: MethodColumnId) => number | null,
        ci95: (id: MethodColumnId) => number | null,
      ): Cell[] =>
        methodColumns.map(({ id }) => (isBound(id) ? intervalCell(value(id), ci95(id)) : numberCell(value(id))));
      return [
        ...methods.map((method) => [
          ...[row.id, row.name, method.name, method.settings, 'trained'].map(textCell),
          ...cellsOf(
            (id) => valueOf(method, id),
            (id) => halfWidthOf(method, id),
          ),
        ]),
        ...oracles.map((oracle) => [
          ...[row.id, row.name, oracle.name, '', 'ideal'].map(textCell),
          ...cellsOf(
            (id) => oracleValue(oracle, id),
            () => null,
          ),
        ]),
      ];
    }),
  };
}

/** The methods of a run, one a row, the best of each column marked, and below them what ideal methods would give. */
export function methodsTable(summary: TargetSummary): DataTable {
  const columns = columnsFor(summary);
  const best = bestMethods(summary);
  const ideal = summary.oracles.length > 0;
  const cell = (id: MethodColumnId, value: number | null, ci95: number | null, marked: boolean): Cell =>
    isBound(id) ? intervalCell(value, ci95, marked) : numberCell(value, methodDecimals(id, value), marked);
  return {
    columns: [
      { name: 'method', label: 'Method', numeric: false },
      { name: 'settings', label: 'Settings', numeric: false },
      ...(ideal ? [{ name: 'kind', label: 'Kind', numeric: false }] : []),
      ...columns,
    ],
    rows: [
      ...summary.methods.map((method) => [
        ...[method.label, method.settings, ...(ideal ? ['trained'] : [])].map(textCell),
        ...columns.map(({ id }) =>
          cell(id, valueOf(method, id), halfWidthOf(method, id), best.get(id)?.has(method.name) === true),
        ),
      ]),
      ...summary.oracles.map((oracle) => [
        ...[oracle.name, '', 'ideal'].map(textCell),
        ...columns.map(({ id }) => cell(id, oracleValue(oracle, id), null, false)),
      ]),
    ],
  };
}
