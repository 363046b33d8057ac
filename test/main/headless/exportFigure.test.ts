import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { exportFigure, type FigureExport } from '../../../src/main/headless/exportFigure';
import { planFile } from '../../../src/main/headless/writeAtomic';
import { parseRunFile } from '../../../src/shared/runFile';
import type { RunDetail, RunRow } from '../../../src/shared/runRecord';
import { closing } from '../../support/chartRuns';
import { familyCurves, familyPoints } from '../../support/fake/family';
import { fakeTerminal } from '../../support/fakeTerminal';
import { svgTexts } from '../../support/svgTexts';

const folder = mkdtempSync(join(tmpdir(), 'bracket-export-'));
afterAll(() => rmSync(folder, { recursive: true }));

const spec = parseRunFile({ kind: 'mutual-information', model: { checkpoint: 'a.npz' }, data: { simulate: 8 } }, 'x');

function run(name: string, change: Partial<RunRow> = {}, points = closing): RunDetail {
  const row: RunRow = {
    id: name,
    name,
    kind: 'mutual-information',
    status: 'done',
    model: 'a.npz',
    data: '8 simulated data',
    device: 'cpu',
    seed: 0,
    temperatures: 2000,
    chains: 8,
    lower: null,
    upper: null,
    gap: null,
    gapCi95: null,
    estimate: null,
    truth: null,
    quantity: 'mi',
    progress: 1,
    stage: 'done',
    seconds: 70,
    created: 0,
    ended: 70_000,
    tags: [],
    notes: '',
    family: name,
    error: null,
    ...change,
  };
  return { row, spec, directory: folder, points, curves: [], log: [], environment: null, result: null, series: [] };
}

async function exported(runs: readonly RunDetail[], options: Partial<FigureExport> = {}): Promise<Buffer> {
  const file = join(folder, 'figure');
  const target = planFile(file);
  const code = await exportFigure(
    runs,
    { format: 'svg', width: undefined, font: undefined, target, ...options },
    fakeTerminal(),
  );
  expect(code).toBe(0);
  return readFileSync(file);
}

describe('bracket export of figures', () => {
  it('draws a run as its page does, for one column in 8 points', async () => {
    const svg = (await exported([run('Glyphs', { truth: 24.9 })])).toString();
    expect(svg).toContain('width="85mm"');
    expect(svgTexts(svg)).toEqual(
      expect.arrayContaining(['I(x; z), nats', 'temperatures T', '≤ 24.92 IM-AIS', 'gap 0.19 nats', 'truth 24.90']),
    );
  });

  it('draws several runs over each other', async () => {
    const svg = (await exported([run('One'), run('Two')], { width: '175', font: '9' })).toString();
    expect(svg).toContain('width="175mm"');
    expect(svgTexts(svg)).toEqual(expect.arrayContaining(['One', 'Two']));
  });

  it('draws the other figures of a run by their names', async () => {
    const family = { ...run('Family', { truth: 23.23 }, familyPoints()), curves: familyCurves() };
    const svg = (await exported([family], { figure: 'decomposition', width: '175' })).toString();
    expect(svgTexts(svg)).toEqual(expect.arrayContaining(['BA term', '20.53 + 2.66 = 23.19', 'truth 23.23']));
    const curve = (await exported([family], { figure: 'training-q' })).toString();
    expect(svgTexts(curve)).toContain('updates');
    await expect(exported([family], { figure: 'sandwhich' })).rejects.toThrow(
      /^--figure: this run has no figure "sandwhich"\. Choose sandwich, by-samples, ibal, decomposition, tightness, training-q/,
    );
    await expect(exported([family, run('B')], { figure: 'ibal' })).rejects.toThrow(/"ibal" is a figure of one run/);
  });

  it('writes PDF and PNG', async () => {
    expect((await exported([run('Glyphs')], { format: 'pdf' })).toString('latin1')).toMatch(/^%PDF-/);
    const png = await exported([run('Glyphs')], { format: 'png' });
    expect(png.readUInt32BE(16)).toBe(1004);
  });

  it.each([
    ['a width that is none', [run('A')], { width: 'wide' }, /^--width: "wide" is not a size/],
    ['letters that nobody can read', [run('A')], { font: '2' }, /^--font: "2" is not a size.*from 5 to 18/],
    ['a run without bounds', [run('A', {}, [])], {}, /nothing to draw/],
    ['different quantities', [run('A'), run('B', { quantity: 'log-px' })], {}, /different quantities/],
  ] as const)('refuses %s', async (_name, runs, options, message) => {
    await expect(exported(runs, options)).rejects.toThrow(message);
  });
});
