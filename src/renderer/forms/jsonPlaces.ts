import { jsonLanguage } from '@codemirror/lang-json';
import type { Steps } from '../../shared/forms';

export interface Place {
  readonly from: number;
  readonly to: number;
}

type Node = ReturnType<typeof jsonLanguage.parser.parse>['topNode'];

/** Where the value of a path stands in JSON text; where it is missing, the value around it. Also for text that is not quite JSON. */
export function placeOf(text: string, steps: Steps): Place {
  const tree = jsonLanguage.parser.parse(text);
  let node = valueIn(tree.topNode);
  let name: Node | null = null;
  for (const step of steps) {
    if (node === null) break;
    const next: { value: Node | null; name: Node | null } | null =
      typeof step === 'number' ? entry(node, step) : property(node, step, text);
    if (next === null) {
      // Nothing there: the first line of what it should stand in.
      const line = text.indexOf('\n', node.from);
      return { from: name?.from ?? node.from, to: Math.min(node.to, line < 0 ? node.to : line) };
    }
    name = next.name ?? next.value;
    node = next.value;
  }
  if (node === null) return { from: name?.from ?? 0, to: name?.to ?? 0 };
  const line = text.indexOf('\n', node.from);
  return { from: node.from, to: Math.min(node.to, line < 0 ? node.to : line) };
}

const values = new Set(['Object', 'Array', 'String', 'Number', 'True', 'False', 'Null']);

function valueIn(node: Node): Node | null {
  for (let child = node.firstChild; child !== null; child = child.nextSibling) if (values.has(child.name)) return child;
  return null;
}

function entry(node: Node, index: number): { value: Node; name: null } | null {
  let seen = 0;
  for (let child = node.firstChild; child !== null; child = child.nextSibling) {
    if (!values.has(child.name)) continue;
    if (seen === index) return { value: child, name: null };
    seen += 1;
  }
  return null;
}

function property(node: Node, key: string, text: string): { value: Node | null; name: Node } | null {
  for (let child = node.firstChild; child !== null; child = child.nextSibling) {
    const name = child.name === 'Property' ? child.firstChild : null;
    if (name === null || text.slice(name.from, name.to) !== JSON.stringify(key)) continue;
    const value = name.nextSibling === null ? null : lastValue(child);
    return { value, name };
  }
  return null;
}

function lastValue(property: Node): Node | null {
  const last = property.lastChild;
  return last !== null && values.has(last.name) ? last : null;
}

/** The place of a line and column, both from 1, to the end of that line. */
export function placeAt(text: string, line: number, column: number): Place {
  let start = 0;
  for (let i = 1; i < line; i += 1) {
    const next = text.indexOf('\n', start);
    if (next < 0) break;
    start = next + 1;
  }
  const end = text.indexOf('\n', start);
  const to = end < 0 ? text.length : end;
  const from = Math.min(to, start + column - 1);
  return { from: from === to ? Math.max(start, from - 1) : from, to };
}

/** The line of a place, from 1. */
export function lineOf(text: string, { from }: Place): number {
  return text.slice(0, from).split('\n').length;
}
