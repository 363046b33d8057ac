import { answerOf, truthOf } from '../../shared/answer';
import { oneLine } from '../../shared/errors';
import { formatDuration, formatPlural } from '../../shared/format';
import { kindLabel } from '../../shared/labels';
import type { Result } from '../../shared/result';
import { boundsTable } from './boundsTable';
import type { Terminal } from './terminal';
import { clipMiddle, wrap } from './wrap';

/** What a finished run prints: who, the table of bounds, the answer in words, the truth where it is known, warnings. */
export function reportLines(result: Result, terminal: Terminal): string[] {
  const { colours, columns } = terminal;
  const lines = ['', ...titleLines(result, terminal)];
  if (result.bounds.length > 0) lines.push('', ...boundsTable(result.bounds, terminal));
  const answer = answerOf(result);
  if (answer !== undefined) lines.push('', ...wrap(answer, columns).map((line) => colours.bold(line)));
  const truth = truthOf(result);
  if (truth !== undefined) lines.push(...wrap(truth, columns));
  if (result.warnings.length > 0) lines.push('');
  for (const warning of result.warnings) {
    const [first = '', ...rest] = wrap(oneLine(warning), columns, '  ');
    lines.push(`${colours.yellow('!')} ${first.slice(2)}`, ...rest);
  }
  return [...lines, ''];
}

function titleLines(result: Result, { colours, columns }: Terminal): string[] {
  const name = result.spec['name'];
  const kind = kindLabel(result.kind);
  const title = typeof name === 'string' && name !== '' ? oneLine(name, 200) : kind;
  const state = result.status === 'done' ? '' : ` (${result.status})`;
  const facts = [
    ...(title === kind ? [] : [kind]),
    ...dataText(result.spec['data']),
    oneLine(result.device, 40),
    formatDuration(result.seconds),
  ];
  const model = modelText(result.spec['model']);
  const separator = ' · ';
  const rest = facts.join(separator);
  const line =
    model === undefined ? rest : [clipMiddle(model, Math.max(16, columns - rest.length - separator.length)), rest].join(separator);
  return [...wrap(title + state, columns).map((part) => colours.bold(part)), ...wrap(line, columns).map((part) => colours.dim(part))];
}

function modelText(model: unknown): string | undefined {
  const checkpoint = typeof model === 'object' && model !== null && 'checkpoint' in model ? model.checkpoint : undefined;
  return typeof checkpoint === 'string' ? oneLine(checkpoint.split(/[\\/]/).at(-1) ?? checkpoint, 80) : undefined;
}

function dataText(data: unknown): string[] {
  if (typeof data !== 'object' || data === null) return [];
  if ('simulate' in data && typeof data.simulate === 'number') return [`${formatPlural(data.simulate, 'datum', 'data')} drawn from the model`];
  if ('file' in data && typeof data.file === 'string') return [oneLine(data.file.split(/[\\/]/).at(-1) ?? data.file, 40)];
  return [];
}
