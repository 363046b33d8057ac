import type { CoverageOf } from '../../../shared/result';
import type { CoverageRunSpec } from '../../../shared/runFile';
import { coverageCard, type CoverageInputs, type CoverageOptions } from '../../coverage';
import { componentSeed } from '../../trainers/componentSeed';
import { Meter } from '../meter';
import type { Outcome, RunContext, RunEvent } from '../types';
import { confusionOf, nearestLabels, sharesOf, type Confusion } from './classes';
import { classify, drawItems, type Classified } from './draw';
import { featuresOf, type Features, type ItemSets } from './features';
import { loadCoverage, type Loaded } from './load';
import { coverageOutcome } from './outcome';
import { nearnessMetrics, nearnessPairs } from './nearness';
import { generatorView } from './view';

/** Largest sets whose pairs are all looked at. */
const mostPairs = 10_000;
/** Of a classifier's row and of a row through the steps of its features, in rows of a decoder. */
const classifierUnits = 5;

/** Everything that a run knows before its card. */
export interface Prepared {
  readonly spec: CoverageRunSpec;
  readonly loaded: Loaded;
  /** `[n, D]` */
  readonly items: Float32Array;
  readonly classified: ItemSets['classified'];
  readonly features: Features;
  /** Classes of drawn and of real items, where anything tells them. */
  readonly labels: { readonly drawn: Int32Array; readonly real: Int32Array } | undefined;
  /** Of the classifier on labelled real items. */
  readonly confusion: Confusion | undefined;
}

/**
 * Runs of kind `coverage`: items of a generator held against real ones, class by class and by distances between features. Items are drawn
 * again when a run is taken up; the card, which takes most of the time, is kept.
 */
export async function* coverage(spec: CoverageRunSpec, context: RunContext): AsyncGenerator<RunEvent, Outcome> {
  const meter = new Meter();
  meter.stage = 'loading';
  yield meter.event();
  const loaded = await loadCoverage(spec, context.directory);
  const trained = (loaded.training?.length ?? 0) / loaded.model.decoder.outputs;
  const all = spec.samples + loaded.real.count;
  const units = cardUnits(spec, loaded.real.count);
  const nearness = nearnessPairs(spec.samples, loaded.real.count, trained) / 1000;
  const classifying = loaded.classifier === undefined ? 0 : classifierUnits * (all + trained);
  meter.plan(spec.samples + all + classifying + units + nearness);
  const prepared = yield* prepare(spec, loaded, context, meter);
  meter.stage = 'metrics of coverage';
  const key = 'card';
  let found = context.journal.finished<CoverageOf>(key);
  if (found === undefined) {
    found = yield* cardOf(prepared, meter, units);
    Object.assign(
      found.card.metrics,
      yield* ticking(nearnessMetrics(prepared, found.card.seed, context.device), meter, nearness),
    );
    context.journal.finish(key, found);
  } else yield meter.tick(units + nearness);
  return coverageOutcome(prepared, found);
}

/** A pair of points takes about a thousandth of a decoder's row. */
function cardUnits({ samples, floors }: CoverageRunSpec, real: number): number {
  const [n, m] = [Math.min(samples, mostPairs), Math.min(real, mostPairs)];
  return ((n + m) ** 2 / 2 + (floors * m ** 2) / 2) / 500 + 1;
}

async function* prepare(
  spec: CoverageRunSpec,
  loaded: Loaded,
  { device }: RunContext,
  meter: Meter,
): AsyncGenerator<RunEvent, Prepared> {
  const { model, real, training, classifier, classes } = loaded;
  const width = model.decoder.outputs;
  meter.stage = 'drawing items';
  const items = yield* ticking(drawItems(spec, model, device), meter, 1);
  let classified: Prepared['classified'];
  if (classifier !== undefined) {
    meter.stage = 'classifying';
    classified = {
      drawn: yield* ticking(classify(classifier, device, items), meter, classifierUnits),
      real: yield* ticking(classify(classifier, device, real.x), meter, classifierUnits),
      training: training && (yield* ticking(classify(classifier, device, training), meter, classifierUnits)),
    };
  }
  meter.stage = 'features';
  const all = spec.samples + real.count;
  const features = yield* ticking(
    featuresOf(spec, { drawn: items, real: real.x, training, width, classified }),
    meter,
    all / 2,
  );
  const labels =
    classified === undefined
      ? loaded.labels && {
          drawn: yield* ticking(nearestLabels(features.drawn, features.real, loaded.labels), meter, all / 2),
          real: loaded.labels,
        }
      : { drawn: classified.drawn.labels, real: loaded.labels ?? classified.real.labels };
  const confusion =
    classified === undefined || loaded.labels === undefined || classes === undefined
      ? undefined
      : confusionOf(loaded.labels, classified.real.labels, classes.length);
  return { spec, loaded, items, classified, features, labels, confusion };
}

/** Passes on what a part of the run has done, in its own measure. */
async function* ticking<T>(
  part: AsyncGenerator<number, T> | Generator<number, T>,
  meter: Meter,
  units: number,
): AsyncGenerator<RunEvent, T> {
  let before = 0;
  try {
    for (;;) {
      const next = await part.next();
      if (next.done === true) return next.value;
      yield meter.tick((next.value - before) * units);
      before = next.value;
    }
  } finally {
    // Where the run is left early, the part lets go of its programs.
    await part.return(undefined as never);
  }
}

async function* cardOf(prepared: Prepared, meter: Meter, units: number): AsyncGenerator<RunEvent, CoverageOf> {
  const steps = coverageCard(inputsOf(prepared), optionsOf(prepared.spec));
  let before = 0;
  let covered: Uint8Array | undefined;
  for (;;) {
    const next = await steps.next();
    if (next.done === true) return { method: 'model', card: next.value, view: generatorView(prepared, covered) };
    covered ??= next.value.covered;
    yield meter.tick((next.value.done - before) * units);
    before = next.value.done;
  }
}

function inputsOf({ spec, loaded, features, labels, classified }: Prepared): CoverageInputs {
  const { classes } = loaded;
  const known = labels !== undefined && classes !== undefined;
  const good = (of: Classified): Uint8Array => Uint8Array.from(of.confidence, (p) => Number(p >= spec.confidence));
  const share = (which: Uint8Array): number => which.reduce((a, b) => a + b, 0) / which.length;
  return {
    ...{ situation: 'generator', samples: features.drawn, reference: features.real },
    ...(known
      ? {
          rule: { type: 'labels', labels: labels.drawn, classes: classes.length } as const,
          modeWeights: sharesOf(labels.real, classes.length),
          modeLabels: classes,
          referenceLabels: labels.real,
        }
      : {}),
    ...(classified === undefined
      ? {}
      : { good: { which: good(classified.drawn), expected: share(good(classified.real)) } }),
  };
}

function optionsOf({ seed, floors, permutations, matched, neighbours }: CoverageRunSpec): Partial<CoverageOptions> {
  return {
    // Seeds of cards are multiplied: small ones stay exact.
    seed: componentSeed(seed, 'coverage') % 1_000_000,
    ...{ floors, permutations, k: neighbours, pairsCap: mostPairs, exactCap: matched },
    sinkhorn: { tolerance: 1e-4, iterations: matched === 0 ? 0 : 2000, cap: matched },
  };
}
