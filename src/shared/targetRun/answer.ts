import { decimalsFor, formatCount, formatNumber, formatPlural, formatPlusMinus } from '../format';
import { methodLabel } from '../labels';
import { targetSummary, truthIn, type MethodSummary, type Summarised, type TargetSummary } from './summary';

/**
 * What a run of a target found, as one would say it to a colleague: "log Z is at least −108.39 nats by DAIS (K = 16, N = 16), ± 0.02
 * over 256 groups of draws. The truth is −108.37, the gap 0.02. DAIS0 has the standard deviations nearest to the truth, 0.033 off on
 * average." Undefined before its first method has ended.
 */
export function targetAnswer(result: Summarised): string | undefined {
  const summary = targetSummary(result);
  const sentences = [
    ...boundSentences(summary),
    ...coverageSentences(summary),
    ...momentSentence(summary),
    ...chainSentence(summary),
  ];
  return sentences.length === 0 ? undefined : sentences.join(' ');
}

/** "Truth: log Z = 0 nats. The density is normalised; its moments are closed forms." */
export function targetTruthText(metrics: Summarised['metrics']): string | undefined {
  const { logZ, source } = truthIn(metrics);
  if (source === '' && logZ === null) return undefined;
  return [...(logZ === null ? [] : [`Truth: log Z = ${formatTruth(logZ)} nats.`]), source].join(' ').trim();
}

/** A closed form with the digits worth reading: 0 is exactly that. */
export function formatTruth(value: number): string {
  return value === 0 ? '0' : formatNumber(value, 4);
}

/** The method with the highest lower bound. */
function bestBound({
  methods,
}: TargetSummary): (MethodSummary & { bound: NonNullable<MethodSummary['bound']> }) | undefined {
  return methods
    .flatMap((method) => (method.bound === null ? [] : [{ ...method, bound: method.bound }]))
    .sort((a, b) => b.bound.value - a.bound.value)[0];
}

function boundSentences(summary: TargetSummary): string[] {
  const best = bestBound(summary);
  if (best === undefined) return [];
  const { value, ci95, n, draws } = best.bound;
  const decimals = Math.max(decimalsFor(ci95), 0);
  const by = best.settings === '' ? best.label : `${methodLabel(best.type)} (${best.settings})`;
  const over = draws > 1 ? `${formatPlural(n, 'group', 'groups')} of draws` : formatPlural(n, 'draw', 'draws');
  const interval = ci95 === null ? '' : `, ±${formatNumber(ci95, decimalsFor(ci95))} over ${over}`;
  const first = `log Z is at least ${formatNumber(value, decimals)} nats by ${by}${interval}.${upperSentence(summary)}`;
  const { logZ } = summary.truth;
  if (logZ === null) return [first];
  const gap = logZ - value;
  if (gap >= 0) {
    // With an upper bound the gap is that between both.
    const sandwiched = summary.methods.some(({ upper }) => upper !== null);
    const short = formatPlusMinus(gap, ci95);
    return [
      first,
      `The truth is ${formatTruth(logZ)}, ${sandwiched ? `${short} above the lower bound` : `the gap ${short}`}.`,
    ];
  }
  const beyond = ci95 !== null && -gap > 2 * ci95;
  const above = `The truth is ${formatTruth(logZ)}: the bound lies above it by ${formatPlusMinus(-gap, ci95)},`;
  return [first, `${above} ${beyond ? 'more than its noise explains' : 'within its noise'}.`];
}

/** With the lowest upper bound, where some method has one. */
function upperSentence({ methods }: TargetSummary): string {
  const best = methods
    .flatMap(({ label, upper }) => (upper === null ? [] : [{ label, upper }]))
    .sort((a, b) => a.upper.value - b.upper.value)[0];
  if (best === undefined) return '';
  const { value, ci95 } = best.upper;
  return ` It is at most ${formatPlusMinus(value, ci95)} by ${inBrackets(best.label)}.`;
}

/** What effective sample sizes do not say: that a method has lost a part of the target. */
function coverageSentences({ methods }: TargetSummary): string[] {
  const lost = methods.flatMap(({ label, massFound }) =>
    massFound === null
      ? []
      : [`${inBrackets(label)} found about ${formatNumber(100 * massFound, massFound < 0.1 ? 1 : 0)} %`],
  );
  return [
    ...(lost.length === 0
      ? []
      : [`Mass of the target is lost although the weights look fine: ${lost.join('; ')} of it.`]),
    ...missedSentence(methods),
  ];
}

/** Methods that are told of one by one. */
const few = 3;

function missedSentence(methods: readonly MethodSummary[]): string[] {
  const judged = methods.flatMap(({ label, modes, modesMissed: missed }) =>
    modes === null || missed === null ? [] : [{ label, modes, missed }],
  );
  const missing = judged.filter(({ missed }) => missed > 0);
  const [first] = missing;
  if (first === undefined) return [];
  const modes = formatCount(first.modes);
  if (missing.length <= few) {
    const each = missing.map(({ label, missed }) => `${inBrackets(label)} misses ${formatCount(missed)}`);
    return [`Of ${modes} modes ${each.join('; ')}.`];
  }
  const counts = missing.map(({ missed }) => missed);
  const [least, most] = [Math.min(...counts), Math.max(...counts)].map(formatCount);
  const range = least === most ? `${most}` : `${least} to ${most}`;
  const who = missing.length === judged.length ? `All ${judged.length}` : `${missing.length} of ${judged.length}`;
  return [`${who} methods miss ${range} of ${modes} modes.`];
}

/** Which normal to believe of the uncertainties: what the methods are compared for. */
function momentSentence({ methods, approximations }: TargetSummary): string[] {
  const normals = new Set(approximations.map(({ method }) => method));
  const known = methods.flatMap(({ name, label, maeStd }) =>
    maeStd === null || !normals.has(name) ? [] : [{ label, maeStd }],
  );
  const sorted = [...known].sort((a, b) => a.maeStd - b.maeStd);
  const [first] = sorted;
  if (first === undefined || sorted.length < 2) return [];
  const others = sorted.slice(1).map(({ label, maeStd }) => `${inBrackets(label)} ${formatError(maeStd)}`);
  return [
    `Of the normals ${inBrackets(first.label)} has the standard deviations nearest to the truth, ${formatError(first.maeStd)} off on average; ${others.join('; ')}.`,
  ];
}

/** "DAIS0, K = 16" → "DAIS0 (K = 16)", where numbers follow. */
function inBrackets(label: string): string {
  return label.replace(/, (.*)$/, ' ($1)');
}

/** Where nothing but chains ran there is no bound to tell of. */
function chainSentence({ methods }: TargetSummary): string[] {
  if (methods.some(({ bound }) => bound !== null)) return [];
  return methods.flatMap(({ label, rHat, ess }) =>
    rHat === null && ess === null
      ? []
      : [
          `${label}: ${[
            ...(rHat === null ? [] : [`the largest R-hat is ${formatNumber(rHat, 3)}`]),
            ...(ess === null ? [] : [`the smallest effective sample size ${formatCount(ess)}`]),
          ].join(', ')}. It bounds nothing.`,
        ],
  );
}

/** An error with two digits that count. */
export function formatError(value: number): string {
  // Less than what single floats resolve is none.
  if (Math.abs(value) < 5e-6) return '0';
  return formatNumber(value, Math.min(5, Math.max(0, 1 - Math.floor(Math.log10(Math.abs(value))))));
}
