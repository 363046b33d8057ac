import { expect, it } from 'vitest';
import {
  draftKindOf,
  draftKinds,
  effortPresetOf,
  effortPresets,
  importanceBeginning,
  coverageBeginning,
  isLaidOut,
  kindAdvanced,
  kindForm,
  kindSteps,
  problemsOf,
  vaeBeginning,
  withEffortPreset,
  withVaeData,
  type Draft,
  type FormField,
} from '../../../src/shared/forms';
import { pathText } from '../../../src/shared/runFile/fieldPath';
import { runFileSchema } from '../../../src/shared/runFile';

const laidOut = draftKinds.map(({ value }) => value).filter(isLaidOut);
const digits = {
  ...{ path: '/kept/digits.gz', array: null, shape: [28, 28], count: 10_000, format: 'idx.gz' },
  range: [0, 255] as [number, number],
};

it('every kind of run file can be chosen, and a draft is of the kind that it says', () => {
  const kinds = runFileSchema.options.map(({ shape }) => shape.kind.value);
  expect(new Set(kinds.map((kind) => draftKindOf({ kind })))).toEqual(new Set(draftKinds.map(({ value }) => value)));
  expect(draftKindOf({})).toBe('model');
});

/** Paths of all fields under some, constants left out. */
function leaves(fields: readonly FormField[], before: readonly string[] = []): string[] {
  return fields.flatMap(({ key, node }) => {
    const path = key === '' ? before : [...before, key];
    if (node.type === 'constant') return [];
    return node.type === 'group' ? leaves(node.fields, path) : [pathText(path)];
  });
}

it.each(laidOut)('%s: every field of the schema stands in one step, or under Advanced', (kind) => {
  const placed = [...kindSteps(kind).flatMap(({ fields }) => fields), ...kindAdvanced(kind)].flatMap(
    ({ field, steps }) =>
      field.node.type === 'group' ? leaves(field.node.fields, steps.map(String)) : [pathText(steps)],
  );
  expect(new Set(placed).size).toBe(placed.length);
  expect([...placed].sort()).toEqual(leaves(kindForm(kind).fields).sort());
});

it.each(laidOut)('%s: alternatives have names of their own', (kind) => {
  const unions = (fields: readonly FormField[]): readonly string[][] =>
    fields.flatMap(({ node }) => {
      if (node.type === 'group') return unions(node.fields);
      return node.type === 'union' ? [node.alternatives.map(({ label }) => label)] : [];
    });
  for (const labels of unions(kindForm(kind).fields)) {
    expect(new Set(labels).size).toBe(labels.length);
    expect(labels).not.toContain('False');
    expect(labels).not.toContain('Settings');
  }
});

const model = {
  ...{ path: '/kept/vae.safetensors', decoder: [{ linear: 'fc' }], likelihood: { type: 'bernoulli' as const } },
  outputShape: [784],
};

it('drafts begin with something that can be run', () => {
  expect(problemsOf(vaeBeginning(digits, 'cpu'))).toEqual([]);
  expect(problemsOf(coverageBeginning([model], [digits], 'cuda'))).toEqual([]);
  expect(problemsOf(importanceBeginning('cpu'))).toEqual([]);
});

it('without data or a model only those are missing', () => {
  expect(problemsOf(vaeBeginning(null, 'cpu')).map(({ path }) => path)).toEqual(['data.file']);
  expect(problemsOf(coverageBeginning([], [], 'cpu')).map(({ path }) => path)).toEqual([
    'model.checkpoint',
    'reference.file',
  ]);
});

it('takes the likelihood that the data can have, and batches that few data allow', () => {
  expect(vaeBeginning(digits, 'cpu')).toMatchObject({
    data: { file: digits.path, binarise: 'static' },
    likelihood: { type: 'bernoulli' },
  });
  const colour = { ...digits, shape: [3, 32, 32] };
  expect(vaeBeginning(colour, 'cpu')['likelihood']).toMatchObject({ type: 'gaussian' });
  expect(problemsOf(vaeBeginning(colour, 'cpu'))).toEqual([]);
  const real = { ...digits, format: 'npy', range: [-3, 4] as [number, number] };
  expect(withVaeData(vaeBeginning(digits, 'cpu'), real)).toMatchObject({
    data: { file: digits.path },
    likelihood: { type: 'gaussian' },
  });
  expect(vaeBeginning({ ...digits, count: 40 }, 'cpu')['training']).toEqual({ epochs: 10, batch: 30 });
});

it('a generator begins beside data that it could have drawn', () => {
  const small = { ...digits, path: '/kept/small.npy', shape: [16] };
  expect(coverageBeginning([model], [small, digits], 'cpu')).toMatchObject({ reference: { file: digits.path } });
});

it.each(laidOut)('%s: a preset is known again, and keeps everything else', (kind) => {
  const draft: Draft = { kind, seed: 7, training: { iterations: 5, batch: 3 } };
  for (const preset of effortPresets[kind]) {
    const next = withEffortPreset(draft, preset);
    expect(effortPresetOf(kind, next)).toBe(preset.name);
    expect(next).toMatchObject({ seed: 7, training: { batch: 3 } });
  }
  expect(effortPresetOf(kind, draft)).toBeNull();
});

it('an epoch count replaces a number of updates, for a run file may have one of them only', () => {
  const draft = { ...vaeBeginning(digits, 'cpu'), training: { iterations: 300 } };
  expect(effortPresetOf('vae', draft)).toBeNull();
  const [quick] = effortPresets.vae;
  if (quick === undefined) throw new Error('no preset');
  expect(problemsOf(withEffortPreset(draft, quick))).toEqual([]);
});

it('groups that may be left out as a whole are known as such', () => {
  const ratio = kindForm('importance-flow').fields.find(({ key }) => key === 'ratio');
  const flow = kindForm('importance-flow').fields.find(({ key }) => key === 'flow');
  expect(ratio?.node).toMatchObject({ type: 'group', absent: true });
  expect(flow?.node).not.toHaveProperty('absent');
});
