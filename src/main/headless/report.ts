import { answerOf, ibalTexts, truthOf } from '../../shared/answer';
import { oneLine } from '../../shared/errors';
import { formatDuration, formatPlural } from '../../shared/format';
import { kindLabel, targetLabel } from '../../shared/labels';
import type { Result } from '../../shared/result';
import type { RunStatus } from '../../shared/runRecord';
import { eventText, importanceFlowSchema, targetRunSchema } from '../../shared/runFile';
import { rareEventOf } from '../../shared/rareEvent/summary';
import { trainedTexts } from '../../shared/trainedTexts';
import { warningText } from '../../shared/targetRun/names';
import { targetSummary, type TargetSummary } from '../../shared/targetRun/summary';
import { boundsTable } from './boundsTable';
import { estimatesTable } from './estimatesTable';
import { coverageTable } from './coverageTable';
import { generatorTable } from './generatorTable';
import { methodsTable } from './methodsTable';
import type { Terminal } from './terminal';
import { clipMiddle, wrap } from './wrap';

/** A result, or in its shape what a run has so far. */
export type Reported = Omit<Result, 'status'> & { readonly status: RunStatus };

/** What a finished run prints: who, the table of bounds, the answer in words, the truth where it is known, warnings. */
export function reportLines(result: Reported, terminal: Terminal): string[] {
  const { colours, columns } = terminal;
  const lines = ['', ...titleLines(result, terminal)];
  const summary = result.kind === 'target' ? targetSummary(result) : undefined;
  const event = rareEventOf(result);
  if (summary !== undefined && summary.methods.length > 0)
    lines.push('', ...methodsTable(summary, terminal), ...coverageLines(summary, terminal));
  else if (event !== undefined) lines.push('', ...estimatesTable(event, terminal));
  else if (result.kind === 'coverage') lines.push('', ...generatorTable(result, terminal));
  else if (result.bounds.length > 0) lines.push('', ...boundsTable(result.bounds, terminal));
  const answer = answerOf(result);
  if (answer !== undefined) {
    // The range is what one came for; how it was got is a line of its own.
    const [range = '', ...rest] = answer.split(
      /(?<=\.) (?=Gap |Lower: |Upper: |They |Each draw |The truth |Mass of |Of |Its items )/,
    );
    lines.push('', ...wrap(range, columns).map((line) => colours.bold(line)), ...wrap(rest.join(' '), columns));
  }
  for (const text of trainedTexts(result)) {
    // A path is copied whole or not at all.
    lines.push(...(text.startsWith('Checkpoint: ') ? [oneLine(text)] : wrap(text, columns)));
  }
  const truth = truthOf(result);
  if (truth !== undefined) lines.push(...wrap(truth, columns));
  for (const text of ibalTexts(result)) lines.push(...wrap(oneLine(text), columns));
  if (result.warnings.length > 0) lines.push('');
  for (const warning of result.warnings) {
    const [first = '', ...rest] = wrap(oneLine(warningText(warning, result.spec)), columns, '  ');
    // What only informs is no warning.
    const sign = result.notes?.includes(warning) === true ? colours.dim('i') : colours.yellow('!');
    lines.push(`${sign} ${first.slice(2)}`, ...rest);
  }
  return [...lines, ''];
}

function coverageLines(summary: TargetSummary, terminal: Terminal): string[] {
  const lines = coverageTable(summary, terminal);
  return lines.length === 0 ? [] : ['', ...lines];
}

function titleLines({ spec, kind, status, device, seconds }: Reported, { colours, columns }: Terminal): string[] {
  const name = spec['name'];
  const named = typeof name === 'string' && name !== '';
  const density = targetText(spec);
  // What it is of says more than that it is a target.
  const title = named ? oneLine(name, 200) : (density[0] ?? kindLabel(kind));
  const facts = [
    ...modelText(spec['model'], columns),
    ...(named ? density : []),
    ...dataText(spec['data'] ?? spec['reference'], columns),
    oneLine(device, 40),
    formatDuration(seconds),
  ];
  return [
    ...wrap(status === 'done' ? title : `${title} (${status})`, columns).map((line) => colours.bold(line)),
    ...factLines(facts, columns).map((line) => colours.dim(line)),
  ];
}

/** Facts set apart by dots, broken only between them. */
function factLines(facts: readonly string[], columns: number): string[] {
  const lines: string[] = [];
  for (const fact of facts) {
    const longer = lines.length === 0 ? fact : `${lines.at(-1)} · ${fact}`;
    if (lines.length === 0 || longer.length > columns) lines.push(fact);
    else lines[lines.length - 1] = longer;
  }
  return lines;
}

function modelText(model: unknown, columns: number): string[] {
  const checkpoint =
    typeof model === 'object' && model !== null && 'checkpoint' in model ? model.checkpoint : undefined;
  return typeof checkpoint === 'string' ? [fileText(checkpoint, columns)] : [];
}

/** The density of a run of a target, or the event whose probability it is about. */
function targetText(spec: Reported['spec']): string[] {
  const rare = importanceFlowSchema.safeParse(spec);
  if (rare.success) return [`P(${eventText(rare.data.event)}) of a normal in ${rare.data.event.dim}-D`];
  const parsed = targetRunSchema.safeParse(spec);
  return parsed.success ? [oneLine(targetLabel(parsed.data.target), 60)] : [];
}

function dataText(data: unknown, columns: number): string[] {
  if (typeof data !== 'object' || data === null) return [];
  if ('simulate' in data && typeof data.simulate === 'number') {
    return [formatPlural(data.simulate, 'simulated datum', 'simulated data')];
  }
  return 'file' in data && typeof data.file === 'string' ? [fileText(data.file, columns)] : [];
}

/** The name of a file without its folders. */
function fileText(path: string, columns: number): string {
  return clipMiddle(oneLine(path.split(/[\\/]/).at(-1) ?? path), Math.floor(columns / 2));
}
