import { InputError, RunError } from '../../../shared/errors';
import type { RunImages } from '../../../shared/result';
import { isChainBound, type VaeRunSpec } from '../../../shared/runFile';
import { trainVae, type TrainedVae, type VaeSnapshot, type VaeTraining } from '../../trainers/vae/train';
import { followed, type Progress } from '../followed';
import { Meter } from '../meter';
import type { Outcome, RunContext, RunEvent } from '../types';
import { trainedModel } from './checkpoint';
import { loadVaeData } from './data';
import { evaluateVae } from './evaluate';
import { networksOf, objectiveOf } from './objective';
import { vaeOutcome } from './outcome';
import { openPictures, type Pictures } from './pictures';
import { scheduleOf, vaePlan } from './plan';

/** Pictures that a training shows, about so many. */
const mostPictures = 30;

/**
 * Runs of kind `vae`: train encoder and decoder together, and with a bound of chains whatever those are made of; then judge the
 * parameters that were best on the validation data on data that nothing was trained on, and keep them as a checkpoint.
 */
export async function* vae(spec: VaeRunSpec, context: RunContext): AsyncGenerator<RunEvent, Outcome> {
  const { device, directory } = context;
  const meter = new Meter();
  meter.stage = 'loading';
  yield meter.event();
  const data = loadVaeData(spec, directory);
  admit(spec, data.width);
  const networks = networksOf(spec, data.width);
  const objective = objectiveOf(spec, networks, device);
  const schedule = scheduleOf(spec, data);
  const plan = vaePlan(spec, data, networks);
  meter.plan(plan.total);
  const { batch, patience, learningRate, decay, clip } = spec.training;
  const options: VaeTraining = {
    ...{ device, objective, data: data.training, dynamic: data.dynamic, validation: data.validation },
    ...{ batch, patience, learningRate, decay, clip, seed: spec.seed },
    iterations: schedule.iterations,
    evaluateEvery: schedule.evaluateEvery,
  };
  const pictures = await openPictures(networks, device, data.test, data.shape);
  try {
    const trained = yield* followed({
      ...{ name: 'vae', iterations: schedule.iterations, units: plan.update, context, meter },
      start: (resume: VaeSnapshot | undefined) =>
        withPictures(trainVae(options, resume), pictures, Math.ceil(schedule.iterations / schedule.evaluateEvery)),
      kept: withoutTraining,
    });
    const { best } = trained;
    if (best.iteration === 0) {
      throw new RunError(
        `The bound on the validation data was never finite. Use a "learningRate" below ${learningRate}.`,
      );
    }
    const images = await pictures.draw(best.parameters, best.iteration);
    const model = trainedModel(spec, networks, best, objective.shapes, data, device);
    const evaluation = yield* evaluateVae({ spec, context, data, objective, best, trained: model, plan, meter });
    const parts = { spec, networks, data, objective, schedule, trained, model, evaluation, images };
    const outcome = vaeOutcome(parts);
    yield meter.event({ point: { temperatures: stepsOf(spec), bounds: outcome.bounds }, images });
    return outcome;
  } finally {
    await pictures.dispose();
  }
}

/** Refuses what the schema allows and what no machine could hold. @throws InputError */
function admit({ model }: VaeRunSpec, pixels: number): void {
  const widths = [pixels, ...model.encoder, 2 * model.latent];
  const others = [model.latent, ...model.decoder, pixels];
  const weights = [widths, others]
    .map((all) => all.slice(1).reduce((total, width, index) => total + width * (all[index] ?? 0), 0))
    .reduce((a, b) => a + b);
  if (weights <= 2 ** 27) return;
  const millions = Math.round(weights / 1e6).toLocaleString('en');
  throw new InputError(
    'model',
    `has ${millions} million weights for data of ${pixels} numbers`,
    'Use narrower layers, at most 134 million weights in all.',
  );
}

async function* withPictures(
  training: ReturnType<typeof trainVae>,
  pictures: Pictures,
  looks: number,
): AsyncGenerator<Progress<VaeSnapshot>, TrainedVae> {
  const every = Math.max(1, Math.ceil(looks / mostPictures));
  let look = 0;
  try {
    for (;;) {
      const next = await training.next();
      if (next.done === true) return next.value;
      const { looked, ...progress } = next.value;
      let images: readonly RunImages[] | undefined;
      if (looked !== undefined) {
        if (look % every === 0) images = await pictures.draw(looked, progress.point?.iteration ?? progress.iteration);
        look += 1;
      }
      yield { ...progress, ...(images && { images }) };
    }
  } finally {
    await training.return(undefined as never);
  }
}

/** Nothing is trained any further: what the optimiser went on from, three times the size of the networks, need not be kept. */
function withoutTraining(last: VaeSnapshot): VaeSnapshot {
  const { curve } = last.training;
  const none = { parameters: {}, moments: { first: {}, second: {} } };
  return { ...last, training: { iteration: last.training.iteration, ...none, ...(curve && { curve }) } };
}

function stepsOf({ bound }: VaeRunSpec): number {
  return isChainBound(bound) ? bound.steps : 1;
}
