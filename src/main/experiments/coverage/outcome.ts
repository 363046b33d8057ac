import { coverageValues } from '../../../shared/coverage';
import { formatList } from '../../../shared/format';
import type { CoverageOf } from '../../../shared/result';
import { correctedShares, withinClassSpread } from '../../coverage/classCoverage';
import { countFound } from '../../coverage/counting';
import type { Outcome } from '../types';
import { sharesOf } from './classes';
import type { Prepared } from './index';
import { classSheet } from './sheets';

/** A classifier that is wrong more often than this tells little about classes. */
const trusted = 0.9;
/** Real items a feature that a Fréchet distance wants. */
const perFeature = 10;

/** Everything that a run leaves. */
export function coverageOutcome(prepared: Prepared, covered: CoverageOf): Outcome {
  const { loaded, features, confusion } = prepared;
  const { card } = covered;
  const { metrics, poor, missed, rare } = classMetrics(prepared, covered);
  const smallest = Math.min(features.drawn.count, features.real.count);
  return {
    status: 'done',
    bounds: [],
    metrics: {
      coverage: coverageValues(card),
      features: { type: features.type, dimensions: features.drawn.dim },
      ...metrics,
      ...(confusion === undefined ? {} : { classifierAccuracyOnReference: confusion.accuracy }),
      latent: loaded.model.decoder.latent,
      dataDimension: loaded.model.decoder.outputs,
    },
    diagnostics: {},
    ...(loaded.model.notes.length === 0 ? {} : { notes: [...loaded.model.notes] }),
    warnings: [
      ...loaded.model.notes,
      ...rangeWarning(prepared),
      ...(confusion !== undefined && confusion.accuracy < trusted
        ? [
            `The classifier is right of ${(100 * confusion.accuracy).toFixed(1)} % of the labelled real items only: its classes say little. Check its layers, and what range of pixels it wants.`,
          ]
        : []),
      ...(missed.length > 0 ? [`The model misses ${classesText(missed)}.`] : []),
      ...(rare.length > 0 ? [`The model draws fewer of ${classesText(rare)} than chance explains.`] : []),
      ...(poor.length > 0
        ? [
            `Real items of ${poor.length === loaded.classes?.length ? 'all classes' : classesText(poor)} are near drawn ones less than half as often as they would be with exact draws.`,
          ]
        : []),
      ...(smallest < perFeature * features.drawn.dim
        ? [
            `The Fréchet distance wants ${perFeature} items a feature, ${perFeature * features.drawn.dim} here: with ${smallest} it is too large. Its floor says by how much.`,
          ]
        : []),
      ...memorisedWarning(prepared, covered),
      ...card.alarms.map(({ text }) => text),
    ],
    series: [],
    coverage: [covered],
    images: sheetsOf(prepared, covered),
  };
}

/** "class 3", "classes 0, 1 and 8". */
function classesText(names: readonly string[]): string {
  const shown = names.slice(0, 20);
  const more = names.length > shown.length ? [`${names.length - shown.length} more`] : [];
  return `${names.length === 1 ? 'class' : 'classes'} ${formatList([...shown, ...more])}`;
}

/** Below it, drawn items lie nearer to the training data than chance explains. */
const certain = 0.001;

function memorisedWarning({ spec }: Prepared, { card }: CoverageOf): string[] {
  const [share, pValue] = [card.metrics['memorised']?.value, card.metrics['memorisedP']?.value];
  if (typeof share !== 'number' || typeof pValue !== 'number' || pValue >= certain) return [];
  const smooth =
    spec.draws === 'mean' ? ' Means of p(x | z) are smoother than data, which brings them nearer by itself.' : '';
  return [
    `Drawn items lie nearer to the training data than real ones do, ${(100 * share).toFixed(0)} % of pairs: the model may copy it.${smooth}`,
  ];
}

/** Drawn and real items in other ranges cannot be near each other. */
function rangeWarning({ items, loaded }: Prepared): string[] {
  const ends = (values: Float32Array): readonly [number, number] =>
    values.reduce<readonly [number, number]>(([a, b], v) => [Math.min(a, v), Math.max(b, v)], [Infinity, -Infinity]);
  const [[low, high], [least, most]] = [ends(items), ends(loaded.real.x)];
  if (!(least >= 0 && most <= 1 && (low < -0.5 || high > 1.5))) return [];
  const hint = low >= -1.01 && high <= 1.01 ? ' Set "rescale" to "from-tanh".' : ' Check the scale of the data.';
  return [
    `Real items lie between 0 and 1, those of the model between ${low.toFixed(2)} and ${high.toFixed(2)}.${hint}`,
  ];
}

interface ClassMetrics {
  readonly metrics: Record<string, unknown>;
  /** Names of classes that are certainly drawn less than a tenth as often as they should be. */
  readonly missed: readonly string[];
  /** Names of the others that are certainly drawn too rarely. */
  readonly rare: readonly string[];
  /** Names of classes whose real items are covered less than half as often as those of an exact generator. */
  readonly poor: readonly string[];
}

function classMetrics({ loaded, labels, features, confusion }: Prepared, { card }: CoverageOf): ClassMetrics {
  const { classes } = loaded;
  if (classes === undefined || labels === undefined) return { metrics: {}, missed: [], rare: [], poor: [] };
  const drawn = sharesOf(labels.drawn, classes.length);
  const corrected = confusion === undefined ? undefined : correctedShares(drawn, confusion.matrix);
  const spread = (side: 'drawn' | 'real'): Float64Array =>
    withinClassSpread(features[side], labels[side], classes.length, { seed: card.seed });
  const [own, theirs] = [spread('drawn'), spread('real')];
  const names = (places: readonly number[]): string[] => places.map((k) => classes[k] ?? String(k));
  const expected = card.metrics['coverage']?.expected ?? 1;
  const missing = card.missed.map(({ mode }) => mode).sort((a, b) => a - b);
  const weights = sharesOf(labels.real, classes.length);
  const counts = drawn.map((share) => Math.round(share * labels.drawn.length));
  const tooRare = countFound({ weights, counts, samples: labels.drawn.length }).missing;
  const [missed, rare] = [names(missing), names(tooRare.filter((k) => !missing.includes(k)))];
  const poor = names(
    (card.classCoverage ?? []).flatMap((value, k) => (value !== null && value < 0.5 * expected ? [k] : [])),
  );
  return {
    metrics: {
      classes: {
        names: classes,
        real: [...weights],
        drawn: [...drawn],
        ...(corrected === undefined
          ? {}
          : { corrected: [...corrected.shares], confusionCondition: corrected.condition }),
        // Mean distance within a class over that among its real items: below 1 they are too much alike.
        spread: Array.from(own, (value, k) => finite(value / (theirs[k] ?? NaN))),
      },
      missedClasses: missed,
      rareClasses: rare,
      poorlyCoveredClasses: poor,
    },
    ...{ missed, rare, poor },
  };
}

function sheetsOf({ loaded, items, labels }: Prepared, { card }: CoverageOf) {
  const { real, classes } = loaded;
  if (classes === undefined || labels === undefined) return [];
  const parts = {
    drawn: { x: items, labels: labels.drawn },
    real: { x: real.x, labels: labels.real },
    shape: real.shape,
  };
  const all = Array.from({ length: classes.length }, (_, k) => k);
  return [
    ...classSheet('classes', all, parts),
    ...classSheet(
      'missed-classes',
      card.missed.map(({ mode }) => mode),
      parts,
    ),
  ];
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
