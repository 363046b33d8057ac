import { oneLine } from '../../shared/errors';
import { formatBytes, formatCount, formatPlural, formatShape } from '../../shared/format';
import type { LikelihoodSpec } from '../../shared/runFile';
import type { Checkpoint } from '../checkpoints';
import { tableLines } from './table';
import { print, type Terminal } from './terminal';
import { clipMiddle, wrap } from './wrap';

/** What a checkpoint looks like, or why it looks like nothing known. */
export type DecoderGuess =
  | {
      readonly decoder: readonly unknown[];
      readonly likelihood?: LikelihoodSpec;
      readonly latent: number;
      readonly notes: readonly string[];
    }
  | { readonly reason: string };

/** A checkpoint of a large model has thousands of tensors; the rest are counted. */
const mostRows = 200;

/** `bracket models import`: what is in a checkpoint, and the model block of a run file for it. */
export function modelsCommand(checkpoint: Checkpoint, guess: DecoderGuess, terminal: Terminal): number {
  const { colours, columns } = terminal;
  const heading = (text: string) => ['', colours.bold(text)];
  const tensors = [...checkpoint.tensors.values()];
  const parameters = tensors.reduce(
    (total, { shape }) => total + shape.reduce((product, extent) => product * extent, 1),
    0,
  );
  print(
    terminal,
    colours.bold(oneLine(checkpoint.path)),
    colours.dim(
      [
        checkpoint.format,
        formatBytes(checkpoint.bytes),
        formatPlural(tensors.length, 'tensor', 'tensors'),
        `${formatCount(parameters)} numbers`,
      ].join(' · '),
    ),
    colours.dim(`sha256 ${checkpoint.sha256}`),
    ...wrap(`Tensors from ${oneLine(checkpoint.source)}.`, columns),
    '',
    ...tensorTable(checkpoint, terminal),
  );
  if (checkpoint.ignored.length > 0) {
    const shown = checkpoint.ignored.slice(0, 20).map((item) => oneLine(item, 60));
    const more =
      checkpoint.ignored.length > shown.length ? ` and ${checkpoint.ignored.length - shown.length} more` : '';
    print(terminal, '', ...wrap(`Left alone: ${shown.join(', ')}${more}.`, columns));
  }
  if ('reason' in guess) {
    print(
      terminal,
      ...heading('Layers'),
      ...wrap(`Not recognised: ${oneLine(guess.reason)}. Name them in the run file, as the README shows.`, columns),
    );
    return 0;
  }
  print(
    terminal,
    ...heading('Layers'),
    ...wrap(
      `${formatCount(guess.latent)} latent dimensions. This is a guess from names and shapes; mend it where it is wrong.`,
      columns,
    ),
    ...guess.notes.flatMap((note) => {
      const [first = '', ...rest] = wrap(oneLine(note), columns, '  ');
      return [`${colours.yellow('!')} ${first.slice(2)}`, ...rest];
    }),
    ...heading('Model block for a run file'),
    modelBlock(checkpoint.path, guess),
  );
  return 0;
}

function tensorTable(checkpoint: Checkpoint, { colours, columns }: Terminal): string[] {
  const tensors = [...checkpoint.tensors.values()];
  const rows = tensors
    .slice(0, mostRows)
    .map(({ name, shape, dtype }) => [
      clipMiddle(oneLine(name), Math.max(20, columns - 32)),
      formatShape(shape),
      dtype,
    ]);
  const lines = tableLines(
    [{ title: 'tensor' }, { title: 'shape', align: 'right' }, { title: 'type' }],
    rows,
    colours.dim,
  );
  return tensors.length > mostRows ? [...lines, colours.dim(`… and ${tensors.length - mostRows} more`)] : lines;
}

/** JSON with one layer a line, ready to paste: longer than one line for everything and shorter than one line for each bracket. */
export function modelBlock(
  path: string,
  guess: { readonly decoder: readonly unknown[]; readonly likelihood?: LikelihoodSpec },
): string {
  const layers = guess.decoder.map((layer) => `    ${inline(layer)}`).join(',\n');
  const fields = [
    `  "checkpoint": ${JSON.stringify(path)}`,
    `  "decoder": [\n${layers}\n  ]`,
    ...(guess.likelihood === undefined ? [] : [`  "likelihood": ${inline(guess.likelihood)}`]),
  ];
  return `"model": {\n${fields.join(',\n')}\n}`;
}

function inline(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(inline).join(', ')}]`;
  return `{ ${Object.entries(value)
    .map(([key, inner]) => `${JSON.stringify(key)}: ${inline(inner)}`)
    .join(', ')} }`;
}
