import { resolve } from 'node:path';

/** What the window can take: checkpoints, data, run files. */
const known =
  /\.(pth?|ckpt|safetensors|npz|npy|csv|tsv|json|bin|idx\d?-ubyte|(npy|csv|idx\d?-ubyte)\.gz)$|-ubyte(\.gz)?$/i;

/**
 * The files that the app was asked to open.
 * @param argv a command line after the program and, in development, the app's folder
 * @param cwd where its relative paths start
 */
export function filesIn(argv: readonly string[], cwd: string, isFile: (path: string) => boolean): string[] {
  const end = argv.indexOf('--');
  const before = end < 0 ? argv : argv.slice(0, end);
  const after = end < 0 ? [] : argv.slice(end + 1);
  return [...before.filter((argument) => !argument.startsWith('-')), ...after]
    .filter((argument) => known.test(argument))
    .map((argument) => resolve(cwd, argument))
    .filter(isFile);
}
