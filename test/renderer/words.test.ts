import { describe, expect, it } from 'vitest';
import { keyLabels } from '../../src/renderer/components/keys';
import { parseTyped } from '../../src/renderer/components/typedNumber';
import { intervalParts } from '../../src/renderer/display/intervalParts';
import { place, sharedScale } from '../../src/renderer/display/scale';
import { findCommands, grouped, type Command } from '../../src/renderer/frame/commands';

describe('a typed number', () => {
  it.each([
    ['2,000', {}, { value: 2000 }],
    ['−0.5', {}, { value: -0.5 }],
    ['1e-3', {}, { value: 0.001 }],
    ['', { optional: true }, { value: null }],
    ['', {}, { problem: 'Give a number.' }],
    ['ten', {}, { problem: 'This is not a number.' }],
    ['1.5', { integer: true }, { problem: 'It must be a whole number.' }],
    ['0', { min: 1 }, { problem: 'It must be at least 1.' }],
    ['2e6', { max: 1_000_000 }, { problem: 'It must be at most 1,000,000.' }],
  ])('%j with %j', (text, limits, expected) => {
    expect(parseTyped(text, limits)).toEqual(expected);
  });
});

describe('an interval taken apart', () => {
  it.each([
    [24.8512, 0.021, { whole: '24', fraction: '.851', halfWidth: '0.021' }],
    [-3, null, { whole: '−3', fraction: '.00', halfWidth: null }],
    [1234, 42, { whole: '1230', fraction: '', halfWidth: '40' }],
    [null, 1, { whole: '—', fraction: '', halfWidth: null }],
  ])('%d ± %d', (value, ci95, expected) => {
    expect(intervalParts(value, ci95)).toEqual(expected);
  });
});

describe('a scale that brackets share', () => {
  const row = (lower: number | null, upper: number | null) => ({
    lower: lower === null ? null : { estimator: 'a', value: lower, ci95: 0.5 },
    upper: upper === null ? null : { estimator: 'b', value: upper, ci95: 0.5 },
    truth: null,
  });

  it('leaves one hopeless bound outside', () => {
    const scale = sharedScale([...Array.from({ length: 40 }, () => row(10, 12)), row(-500, 900)]);
    expect(scale?.from).toBeGreaterThan(9);
    expect(scale?.to).toBeLessThan(13);
    expect(scale && place(900, scale)).toEqual({ at: 1, outside: 1 });
    expect(scale && place(-500, scale)).toEqual({ at: 0, outside: -1 });
  });

  it('has a width for one closed bracket, and none for no bracket', () => {
    expect(sharedScale([row(5, 5)])).toEqual({ from: 4, to: 6 });
    expect(sharedScale([row(5, null)])).toEqual({ from: 4, to: 6 });
    expect(sharedScale([row(null, null)])).toBeNull();
  });
});

describe('the palette', () => {
  const command = (group: Command['group'], label: string, words = ''): Command => ({
    id: label,
    group,
    label,
    words,
    icon: 'runs',
    run: () => undefined,
  });
  const commands = [
    command('Actions', 'New run'),
    command('Pages', 'Runs'),
    command('Runs', 'Baseline', 'glyphs-vae'),
    ...Array.from({ length: 50 }, (_, index) => command('Runs', `Renewal ${index}`)),
  ];
  const labels = (query: string): string[] => findCommands(commands, query).map(({ label }) => label);

  it('puts beginnings first and needs every word', () => {
    expect(labels('new')[0]).toBe('New run');
    expect(labels('run new')).toEqual(['New run']);
    expect(labels('glyphs base')).toEqual(['Baseline']);
    expect(labels('xyz')).toEqual([]);
  });

  it('lists a few of each group', () => {
    const groups = grouped(findCommands(commands, ''));
    expect(groups.map(({ group, commands: list }) => [group, list.length])).toEqual([
      ['Actions', 1],
      ['Pages', 1],
      ['Runs', 8],
    ]);
  });

  it('writes shortcuts as the system does', () => {
    expect(keyLabels('Mod+K', true)).toEqual(['⌘', 'K']);
    expect(keyLabels('Mod+Enter', false)).toEqual(['Ctrl', '↵']);
    expect(keyLabels('Plus+Minus', false)).toEqual(['+', '−']);
  });
});
