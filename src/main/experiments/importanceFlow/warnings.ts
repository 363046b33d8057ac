import { formatCount, formatNumber } from '../../../shared/format';
import { formatTimes } from '../../../shared/rareEvent/answer';
import type { ImportanceFlowSpec } from '../../../shared/runFile';
import type { EventEstimate } from '../../metrics/eventProbability';
import type { FlowEvaluation } from '../../trainers/flow/density';
import type { TrainedAnnealingFlow } from '../../trainers/flow/train';

interface Told {
  readonly spec: ImportanceFlowSpec;
  readonly trained: TrainedAnnealingFlow;
  readonly draws: FlowEvaluation;
  readonly found: EventEstimate;
  /** log P, nats. */
  readonly truth: number;
}

/** Nats that log weights may change by with twice the steps. */
const mostStepError = 0.1;
const mostShare = 0.1;
/** Standard errors that an estimate may be from the closed form. */
const mostErrors = 4;

/** What to beware of, each with what mends it. */
export function importanceWarnings({ spec, trained, draws, found, truth }: Told): string[] {
  const { flow, evaluate } = spec;
  const { dropped, diverged } = trained;
  const errors = (Math.exp(found.logValue - truth) - 1) / (Math.exp(found.logValue - truth) * found.relativeError);
  const more = 'Use more "flow.iterations", or "flow.edges" that lie closer together.';
  return [
    ...(diverged === undefined
      ? []
      : [
          `The flow diverged at update ${formatCount(diverged.iteration)}; its draws come from what it had learned. Use a "flow.learningRate" below ${flow.learningRate}.`,
        ]),
    ...(diverged === undefined && dropped > 0
      ? [`${formatCount(dropped)} updates of the flow were dropped, with something not finite in them.`]
      : []),
    ...(found.hits === 0 ? [`No draw of the flow is in the event, so that there is no estimate. ${more}`] : []),
    ...(found.hits > 0 && found.largestShare > mostShare
      ? [
          `One draw has ${formatNumber(100 * found.largestShare, 0)} % of all weight: the interval says too little. ${more}`,
        ]
      : []),
    ...(draws.stepError > mostStepError
      ? [
          `With twice the steps a log weight changes by ${draws.stepError.toPrecision(2)} nats. Use more "evaluate.steps" than ${evaluate.steps}.`,
        ]
      : []),
    ...(found.hits > 0 && Math.abs(errors) > mostErrors
      ? [
          `The estimate is ${formatTimes(Math.abs(errors))} standard errors ${errors < 0 ? 'below' : 'above'} the closed form${errors < 0 ? ': its draws miss a part of the event, which no interval of theirs can show' : ', more than chance explains'}. ${more}`,
        ]
      : []),
  ];
}
