import { markOf } from './fromSchema';
import type { FormNode, NumberNode, UnionNode } from './node';

/** Which alternative of a union a value has taken; −1 where it looks like none of them. */
export function alternativeOf(node: UnionNode, value: unknown): number {
  return node.alternatives.findIndex((alternative) => looksLike(alternative.node, value));
}

/** Whether a value has the outer form of a node; what is inside may still be wrong. */
function looksLike(node: FormNode, value: unknown): boolean {
  switch (node.type) {
    case 'constant':
      return value === node.value;
    case 'choice':
      return typeof value === 'string' && node.options.includes(value);
    case 'number':
      return typeof value === 'number';
    case 'text':
      return typeof value === 'string';
    case 'switch':
      return typeof value === 'boolean';
    case 'choices':
    case 'list':
    case 'tuple':
      return Array.isArray(value);
    case 'union':
      return alternativeOf(node, value) >= 0;
    case 'group': {
      if (!isRecord(value)) return false;
      const mark = markOf(node);
      if (mark === undefined) return true;
      return mark.constant === undefined ? Object.hasOwn(value, mark.key) : value[mark.key] === mark.constant;
    }
  }
}

/** What a field holds when it is first filled in: the least that the schema may accept. Defaults are left out of groups. */
export function startOf(node: FormNode): unknown {
  if (node.fallback !== undefined) return structuredClone(node.fallback);
  switch (node.type) {
    case 'constant':
      return node.value;
    case 'choice':
      return node.options[0] ?? '';
    case 'choices':
      return node.options.slice(0, node.least);
    case 'number':
      return startingNumber(node);
    case 'text':
      return '';
    case 'switch':
      return false;
    case 'list':
      return Array.from({ length: node.least }, () => startOf(node.item));
    case 'tuple':
      return node.items.map(startOf);
    case 'union':
      return node.alternatives[0] === undefined ? null : startOf(node.alternatives[0].node);
    case 'group':
      return Object.fromEntries(
        node.fields.filter(({ optional }) => !optional).map((field) => [field.key, startOf(field.node)]),
      );
  }
}

/** The least whole number; of a quantity that must be positive, 1. */
function startingNumber({ integer, min = 0, max = Infinity, above }: NumberNode): number {
  return integer || (min === 0 && !above) ? min : Math.min(Math.max(1, min), max);
}

/** What each number must be where a field takes one number or a list of them; undefined for any other field. */
export function countsOf(node: FormNode): NumberNode | undefined {
  if (node.type !== 'union' || node.alternatives.length !== 2) return undefined;
  const [one, several] = node.alternatives.map((alternative) => alternative.node);
  if (one?.type !== 'number' || several?.type !== 'list' || several.item.type !== 'number') return undefined;
  return one;
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
