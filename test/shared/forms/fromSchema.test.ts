import { describe, expect, it } from 'vitest';
import {
  formOf,
  isRecord,
  problemsOf,
  readText,
  startOf,
  withoutValue,
  withValue,
  writeJson,
} from '../../../src/shared/forms';
import type { FormNode, GroupNode, Steps } from '../../../src/shared/forms';
import { evidenceSchema, mutualInformationSchema, parseRunFile, runFileSchema } from '../../../src/shared/runFile';
import { valueAt } from '../../../src/shared/runFile/fieldPath';

const kinds = [
  {
    name: 'mutual-information',
    schema: mutualInformationSchema,
    least: { kind: 'mutual-information', model: { checkpoint: 'a.pth' }, data: { simulate: 1 } },
  },
  {
    name: 'evidence',
    schema: evidenceSchema,
    least: { kind: 'evidence', model: { checkpoint: 'a.pth' }, data: { file: 'x.npy' } },
  },
] as const;

/** Every field with its path; unions with each of their members. */
function walk(node: FormNode, path: Steps = []): { path: Steps; node: FormNode }[] {
  const here = { path, node };
  switch (node.type) {
    case 'group':
      return [here, ...node.fields.flatMap((field) => walk(field.node, [...path, field.key]))];
    case 'union':
      return [here, ...node.alternatives.flatMap((each) => walk(each.node, path))];
    case 'list':
      return [here, ...walk(node.item, [...path, 0])];
    default:
      return [here];
  }
}

describe.each(kinds)('the form of $name', ({ schema, least }) => {
  const form = formOf(schema) as GroupNode;
  const all = walk(form);

  it('has every field', () => {
    const paths = all.map(({ path }) => path.filter((step) => typeof step === 'string').join('.'));
    for (const path of [
      ...[
        'name',
        'model.checkpoint',
        'model.decoder.linear',
        'model.decoder.convTranspose',
        'model.decoder.outputPadding',
      ],
      ...['model.decoder.epsilon', 'model.decoder.reshape', 'model.likelihood.sigma', 'model.likelihood.logVariance'],
      ...['estimators', 'ais.chains', 'ais.temperatures', 'ais.leapfrog', 'ais.schedule.rad', 'ais.initial.mean'],
      ...['ais.initial.std', 'ais.stepSize', 'ais.acceptance', 'ais.ladder', 'ais.coupledUpper', 'ais.gap'],
      ...['ais.maxSeconds', 'iwae.samples', 'iwae.proposal.std', 'seed', 'device', 'data.simulate'],
    ])
      expect(paths).toContain(path);
  });

  it('fills in what the schema fills in', () => {
    const parsed = parseRunFile(least, 'test');
    const checked = all.filter(({ path, node }) => node.fallback !== undefined && valueAt(parsed, path) !== undefined);
    expect(checked.length).toBeGreaterThan(10);
    for (const { path, node } of checked)
      expect({ path, value: node.fallback }).toEqual({ path, value: valueAt(parsed, path) });
  });

  it('knows limits, steps and help', () => {
    const find = (...path: Steps) => all.find((each) => each.path.join() === path.join())?.node;
    expect(find('ais', 'chains')).toMatchObject({ type: 'number', integer: true, min: 1, max: 1_000_000, step: 1 });
    expect(find('ais', 'acceptance')).toMatchObject({ min: 0.1, max: 0.99, step: 0.01, fallback: 0.65 });
    expect(find('ais', 'stepSize')).toMatchObject({ above: true, max: 10 });
    expect(find('seed')).toMatchObject({ type: 'number', integer: true, min: 0 });
    expect(find('seed')).not.toHaveProperty('max');
    expect(find('estimators')).toMatchObject({ type: 'choices', least: 1 });
    const ais = form.fields.find(({ key }) => key === 'ais')?.node as GroupNode;
    for (const { key, node } of ais.fields) expect({ key, help: node.help }).not.toEqual({ key, help: '' });
  });

  it('starts with something that the schema accepts, but for texts, which a person must give', () => {
    const start = withValue(startOf(form), ['model', 'checkpoint'], 'a.pth');
    expect(problemsOf(start)).toEqual([]);
    for (const { path, node } of all) {
      // What lies inside an alternative has no place without it.
      if (node.type !== 'union' || path.length > 2) continue;
      for (const { node: alternative } of node.alternatives) {
        const value = withValue(least, path.length === 0 ? ['data'] : path, startOf(alternative));
        const others = problemsOf(value).filter(({ message }) => !/must not be empty|needs either/.test(message));
        expect(others).toEqual([]);
      }
    }
  });

  it('comes back from JSON as it went', () => {
    const parsed = parseRunFile(least, 'test');
    expect(readText(writeJson(parsed))).toEqual({ value: parsed });
    expect(parseRunFile(JSON.parse(writeJson(least)), 'test')).toEqual(parsed);
  });

  it('edits one field and leaves the rest', () => {
    const changed = withValue(least, ['ais', 'schedule'], { type: 'linear' });
    expect(valueAt(changed, ['ais', 'schedule', 'type'])).toBe('linear');
    expect(withoutValue(changed, ['ais'])).toEqual(least);
    expect(isRecord(least) && 'ais' in least).toBe(false);
  });
});

it('gives the kinds as members of one union, told apart by their kind', () => {
  const form = formOf(runFileSchema);
  expect(form.type === 'union' && form.alternatives.map(({ label }) => label)).toEqual([
    'Mutual information',
    'Log-likelihood',
    'Target',
    'VAE',
    'Rare event',
    'Mode coverage',
  ]);
});
