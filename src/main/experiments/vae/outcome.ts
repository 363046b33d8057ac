import { estimatorFacts } from '../../../shared/estimatorFacts';
import type { RunImages, Series } from '../../../shared/result';
import { meanInterval } from '../../../shared/statistics';
import type { VaeRunSpec } from '../../../shared/runFile';
import { linearGaussian } from '../../models';
import type { Vae } from '../../trainers/vae/networks';
import type { VaeObjective } from '../../trainers/vae/objective';
import { validationQuantity, type TrainedVae } from '../../trainers/vae/train';
import { chainDiagnostics, chainSeries, chainWarnings } from '../diagnostics';
import { curveSeries } from '../learned';
import { summarise } from '../summary';
import type { Outcome } from '../types';
import { checkpointName, libraryFacts, type TrainedModel } from './checkpoint';
import type { VaeData } from './data';
import type { VaeEvaluation } from './evaluate';
import type { Schedule } from './plan';

export interface OutcomeParts {
  readonly spec: VaeRunSpec;
  readonly networks: Vae;
  readonly data: VaeData;
  readonly objective: VaeObjective;
  readonly schedule: Schedule;
  readonly trained: TrainedVae;
  readonly model: TrainedModel;
  readonly evaluation: VaeEvaluation;
  readonly images: RunImages[];
}

/** Everything that a run leaves. */
export function vaeOutcome(parts: OutcomeParts): Outcome {
  const { spec, data, trained, model, evaluation, images, objective } = parts;
  const { all, annealed, count, walk } = evaluation;
  const summary = summarise('log-px', all, undefined);
  const chains = summarise('log-px', annealed, undefined);
  const bounds = [...summary.bounds, ...chains.bounds].map((bound) => {
    const copy = { ...bound };
    delete copy.seconds;
    return copy;
  });
  // Means over other data are not compared: those of the chains are over the first few.
  const best = chains.bounds.some(({ n }) => n === count)
    ? summarise('log-px', [...all, ...annealed], undefined).best
    : summary.best;
  const { best: chosen, looks, curve, iterations } = trained;
  return {
    status: 'done',
    bounds,
    metrics: {
      best: { quantity: 'log-px', ...best },
      ...truthOf(parts),
      reconstruction: meanInterval([...evaluation.reconstruction]),
      divergence: meanInterval([...evaluation.divergence]),
      activeUnits: evaluation.activeUnits,
      ...(best.lower === undefined ? {} : { bitsPerDimension: -best.lower.value / (data.width * Math.LN2) }),
      ...onTheSame(parts),
      training: {
        updates: iterations,
        epochs: iterations / parts.schedule.perEpoch,
        bestUpdate: chosen.iteration,
        validation: chosen.value,
      },
      ...chainMetrics(parts),
      data: { training: data.training.rows.length, validation: data.validation.count, test: data.test.count },
      latent: spec.model.latent,
      dataDimension: data.width,
      model: libraryFacts(model),
      estimators: estimatorFacts([...new Set(bounds.map(({ estimator }) => estimator))]),
    },
    diagnostics: {
      ...(walk === undefined ? {} : chainDiagnostics(walk.round.round, walk.round.temperatures)),
    },
    warnings: [
      ...data.warnings,
      ...(walk === undefined
        ? []
        : chainWarnings(walk.round.round, walk.round.betas, walk.pilot?.table).map(chainWarning)),
      ...summary.warnings,
      ...chains.warnings,
      ...(count < 2 ? ['One test datum has no interval. Keep more data back.'] : []),
    ],
    series: [
      ...curveSeries('vae', curve),
      validationSeries(validationQuantity(objective.quantity), looks),
      ...transitionSeries(parts),
      ...(walk === undefined ? [] : chainSeries(walk.round.round, walk.round.betas, walk.round.stepSizes)),
    ],
    perDatum: {
      bounds: [
        ...summary.perDatum.bounds,
        ...chains.perDatum.bounds.map((bound) => ({
          ...bound,
          values: Array.from({ length: count }, (_, datum) => bound.values[datum] ?? null),
        })),
      ],
    },
    images,
    files: [{ name: checkpointName, bytes: model.bytes }],
  };
}

/** The chains' step sizes are always tuned here, so that their temperatures are what one can change. */
function chainWarning(text: string): string {
  return `Annealed chains: ${text.replace(/Use more temperatures.*$/, 'Raise evaluate.annealed.temperatures.')}`;
}

/** What the trained chain is made of, under the name of its bound. */
function chainMetrics({ spec, objective, trained }: OutcomeParts): Record<string, unknown> {
  const found = objective.transitions?.(trained.best.parameters);
  if (found === undefined) return {};
  const { betas, steps, refreshment, mass } = found;
  const hamiltonian = spec.bound.type !== 'ula' && spec.bound.type !== 'ula-mcd';
  return {
    [spec.bound.type]: {
      betas: [...betas],
      stepSizes: [...steps],
      ...(hamiltonian ? { refreshment, mass: [...mass] } : {}),
    },
  };
}

function transitionSeries({ objective, trained }: OutcomeParts): Series[] {
  const found = objective.transitions?.(trained.best.parameters);
  if (found === undefined) return [];
  const x = { label: 'transition', values: Array.from(found.betas, (_, k) => k + 1) };
  return [
    { name: 'learned schedule', x, y: { label: 'inverse temperature', values: [...found.betas] } },
    { name: 'learned step sizes', x, y: { label: 'step size', values: [...found.steps] } },
  ];
}

function validationSeries(quantity: string, { iterations, values }: TrainedVae['looks']): Series {
  return {
    name: `training vae validation, ${quantity}`,
    x: { label: 'iteration', values: [...iterations] },
    y: { label: quantity, unit: 'nats', values: values.map((value) => (Number.isFinite(value) ? value : null)) },
  };
}

/** Where chains were run for some of the test data: the other bounds on the same ones, which alone can be compared. */
function onTheSame({ evaluation }: OutcomeParts): Record<string, unknown> {
  const [chain] = evaluation.annealed;
  const n = chain?.logPx?.lower?.length ?? 0;
  if (n === 0 || n === evaluation.count) return {};
  const both = [...evaluation.all, ...evaluation.annealed].flatMap(({ estimator, samples, logPx }) => {
    const values = logPx?.lower?.slice(0, n);
    if (values === undefined) return [];
    return [{ estimator, ...(samples === undefined ? {} : { samples }), ...meanInterval(values) }];
  });
  return { firstData: { n, lower: both } };
}

/** The closed form, where the model has one. */
function truthOf({ model, evaluation }: OutcomeParts): Record<string, unknown> {
  const exact = linearGaussian(model.model);
  if (exact === undefined) return {};
  const values = exact.logEvidence(evaluation.x);
  const truth = values.reduce((total, value) => total + value, 0) / values.length;
  return { truth, truthOfData: truth };
}
