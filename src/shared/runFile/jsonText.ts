import { InputError } from '../errors';
import { findJsonError } from './jsonError';

/** A run file holds settings, not data; anything larger is some other file. */
export const maximumRunFileBytes = 4 * 1024 * 1024;

/** Deeper than any run file; also keeps later code that recurses into values safe. */
const maximumDepth = 64;

/**
 * Parses JSON text, with or without a byte order mark.
 * @param where the file's name, for errors
 * @throws InputError that names line and column, or says that the text is empty, too long or nested too deeply
 */
export function parseJsonText(text: string, where: string): unknown {
  if (text.length > maximumRunFileBytes) {
    throw new InputError(
      where,
      `has ${text.length} characters, more than the ${maximumRunFileBytes} that a run file may have`,
      'Check that it is the file you mean.',
    );
  }
  const plain = text.startsWith('\uFEFF') ? text.slice(1) : text;
  if (plain.trim() === '') throw new InputError(where, 'is empty', 'Write a run file into it.');
  const depth = depthOf(plain);
  if (depth > maximumDepth) {
    throw new InputError(where, `nests ${depth} levels deep`, `A run file needs fewer than ${maximumDepth}.`);
  }
  try {
    return JSON.parse(plain) as unknown;
  } catch (error) {
    const { line, column, what, fix } = findJsonError(plain);
    throw new InputError(where, `is not JSON: line ${line}, column ${column}, ${what}`, fix, { cause: error });
  }
}

/** How deep brackets nest, outside texts. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (quoted) {
      if (character === '\\') i++;
      else if (character === '"') quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === '{' || character === '[') deepest = Math.max(deepest, ++depth);
    else if (character === '}' || character === ']') depth--;
  }
  return deepest;
}
