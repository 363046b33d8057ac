import { expect, it } from 'vitest';
import { targetField } from '../../../src/shared/forms';
import { startOf } from '../../../src/shared/forms/values';
import { targetSchema } from '../../../src/shared/runFile/target';

const alternatives = () => {
  const node = targetField('target')?.node;
  if (node?.type !== 'union') throw new Error('no union');
  return node.alternatives;
};

it('every kind of target has a name of its own, and begins with something that runs, but for the files that some need', () => {
  expect(new Set(alternatives().map(({ label }) => label)).size).toBe(alternatives().length);
  for (const { node } of alternatives()) {
    const start = startOf(node) as { readonly type: string };
    const { success, error } = targetSchema.safeParse(start);
    const file = error?.issues.every(({ path }) => path.join() === 'file');
    expect([start, success || file]).toEqual([start, true]);
  }
});
