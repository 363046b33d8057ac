import { h, type FunctionalComponent } from 'vue';
import type { Bracket } from '../../../shared/answer';
import { boundsOf, bracketsTable } from '../../../shared/boundsTables';
import { quantityLabel } from '../../../shared/labels';
import { rareEventOf } from '../../../shared/rareEvent/summary';
import { estimatesTable } from '../../../shared/rareEvent/table';
import type { Bound, Result } from '../../../shared/result';
import { componentsOf } from '../../../shared/runFile';
import type { CurvePoint, RunDetail, RunPoint, RunRow } from '../../../shared/runRecord';
import type { DataTable } from '../../../shared/tables';
import { targetSummary } from '../../../shared/targetRun/summary';
import { methodsTable } from '../../../shared/targetRun/table';
import { vaeSummary } from '../../../shared/vaeRun';
import BracketNumbers from './BracketNumbers.vue';
import CoverageHero from './coverage/CoverageHero.vue';
import CoverageNumbers from './coverage/CoverageNumbers.vue';
import RareEventNumbers from './RareEventNumbers.vue';
import RareEventPictures from './RareEventPictures.vue';
import RunFigure from './RunFigure.vue';
import FiguresTab from './tabs/FiguresTab.vue';
import RareEventFiguresTab from './tabs/RareEventFiguresTab.vue';
import TargetFiguresTab from './tabs/TargetFiguresTab.vue';
import TargetNumbers from './TargetNumbers.vue';
import TargetPictures from './TargetPictures.vue';
import TrainedModel from './TrainedModel.vue';
import VaeNumbers from './VaeNumbers.vue';
import VaePictures from './VaePictures.vue';

/** What the page of a run knows of it. */
export interface RunView {
  readonly row: RunRow;
  readonly detail: RunDetail;
  readonly points: readonly RunPoint[];
  readonly curves: readonly CurvePoint[];
  /** What is there so far. */
  readonly result: Result | undefined;
}

/** What an answer is made of. */
export interface AnswerView {
  readonly row: RunRow;
  readonly result: Result | undefined;
  readonly bracket: Bracket | undefined;
}

/** What a paper prints of a run; nothing yet without a table. */
export interface Printed {
  /** "Bracket" */
  readonly label: string;
  readonly table: DataTable | undefined;
}

/** Tabs that tell of the run itself; those of its file, log, environment and notes are everywhere. */
export type KindTab = 'bounds' | 'methods' | 'estimates' | 'coverage' | 'figures' | 'training' | 'data' | 'diagnostics';

/** How the page of a run shows those of one kind. */
export interface KindView {
  /** What stands first and largest, on the left. */
  readonly hero: FunctionalComponent<RunView & { readonly beside: number }>;
  /** The answer in large numbers. */
  readonly numbers: FunctionalComponent<AnswerView>;
  /** What the region of the answer is called. */
  readonly answerLabel: (row: RunRow) => string;
  /** Said instead of an answer: when the run has ended, and before. */
  readonly noAnswer: (status: RunRow['status']) => string;
  /** Bounds that the large numbers or the answer say already, beside those of the bracket. */
  readonly told: (result: Result, answered: boolean) => readonly Bound[];
  /** What the run leaves to use. */
  readonly leaves?: FunctionalComponent<{ readonly result: Result }>;
  readonly tabs: (detail: RunDetail) => readonly KindTab[];
  readonly figures?: FunctionalComponent<RunView>;
  readonly printed: (run: Pick<RunView, 'row' | 'detail' | 'points'>) => Printed;
}

const printedBracket: KindView['printed'] = ({ row, detail, points }) => {
  const run = { row, result: detail.result, points };
  return { label: 'Bracket', table: boundsOf(run).length === 0 ? undefined : bracketsTable([run]) };
};

/** Runs whose quantity has bounds: what all of them share. */
const bounded = {
  answerLabel: ({ quantity }: RunRow) => `Bounds on ${quantityLabel(quantity)}`,
  noAnswer: (status: RunRow['status']) => (hasEnded(status) ? 'There are no bounds.' : 'No bounds yet.'),
  told: () => [],
  printed: printedBracket,
};

const ofModel: KindView = {
  ...bounded,
  hero: ({ row, detail, points, result, beside }) => h(RunFigure, { row, detail, points, result, beside }),
  numbers: ({ row, result, bracket }) =>
    h(BracketNumbers, { quantity: row.quantity, bracket, bounds: result?.bounds ?? [] }),
  // Only what a run trains has something to show of it.
  tabs: ({ spec }) => [
    'bounds',
    'figures',
    ...(componentsOf(spec).length > 0 ? (['training'] as const) : []),
    'data',
    'diagnostics',
  ],
  figures: ({ row, detail, points }) => h(FiguresTab, { row, detail, points }),
};

/** Densities have methods, and no data or temperatures. */
const ofTarget: KindView = {
  ...bounded,
  hero: ({ row, result }) => h(TargetPictures, { row, result }),
  numbers: ({ result, bracket }) => h(TargetNumbers, { bracket, result }),
  tabs: ({ result }) => [
    'methods',
    ...((result?.coverage?.length ?? 0) > 0 ? (['coverage'] as const) : []),
    'figures',
    'training',
  ],
  figures: ({ row, detail, curves, result }) => h(TargetFiguresTab, { row, detail, curves, result }),
  printed: ({ detail: { result } }) => ({
    label: 'Methods',
    table: result === null ? undefined : methodsTable(targetSummary(result)),
  }),
};

/** What a VAE is and how it learned stands above the tabs; chains only judge it, where they are asked for. */
const ofVae: KindView = {
  ...bounded,
  hero: ({ row, detail, curves }) => h(VaePictures, { row, detail, curves }),
  numbers: ({ result }) => h(VaeNumbers, { result }),
  told: (result) => {
    const { samples, chains } = vaeSummary(result);
    return [samples, chains].flatMap((one) => one?.bound ?? []);
  },
  leaves: ({ result }) => h(TrainedModel, { result }),
  tabs: ({ spec }) => [
    'bounds',
    'training',
    'data',
    ...(spec.kind === 'vae' && spec.evaluate.annealed !== false ? (['diagnostics'] as const) : []),
  ],
};

/** A generator held against real items has nothing else. */
const ofGenerator: KindView = {
  ...bounded,
  hero: ({ row, result }) => h(CoverageHero, { row, result }),
  numbers: ({ result }) => h(CoverageNumbers, { result }),
  answerLabel: () => 'Coverage',
  noAnswer: (status) => (status === 'done' ? 'There is no card of coverage.' : 'Nothing was compared yet.'),
  tabs: () => ['coverage'],
};

/** Rare events have estimates and no bounds. */
const ofRareEvent: KindView = {
  ...bounded,
  hero: ({ row, result }) => h(RareEventPictures, { row, result }),
  numbers: ({ row, result }) => h(RareEventNumbers, { result, event: row.data }),
  noAnswer: (status) => (hasEnded(status) ? 'There is no estimate.' : 'No estimate yet.'),
  told: ({ bounds }, answered) => (answered ? bounds : []),
  tabs: () => ['estimates', 'figures', 'training'],
  figures: ({ row, result }) => h(RareEventFiguresTab, { row, result }),
  printed: (run) => {
    const found = run.detail.result === null ? undefined : rareEventOf(run.detail.result);
    return found === undefined ? printedBracket(run) : { label: 'Estimates', table: estimatesTable(found) };
  },
};

/** The one place that says what the page of a run shows of each kind. */
export const kindViews: Readonly<Record<RunRow['kind'], KindView>> = {
  'mutual-information': ofModel,
  evidence: ofModel,
  target: ofTarget,
  vae: ofVae,
  coverage: ofGenerator,
  'importance-flow': ofRareEvent,
};

function hasEnded(status: RunRow['status']): boolean {
  return status === 'done' || status === 'failed';
}
