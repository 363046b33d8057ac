import { describe, expect, it } from 'vitest';
import { kindOfFile } from '../../../src/renderer/library/fileKinds';
import { gridOf, layoutOf, partOf, rgbaOf } from '../../../src/renderer/library/pixels';

const grid = { count: 2, height: 1, width: 2, channels: 1, low: -1, high: 1, values: [-1, 1, 0, 3] };

describe('images', () => {
  it('come from the sheets that runs tell, and what is cut off is left out', () => {
    const sheet = { name: 'samples' as const, rows: 1, columns: 2, height: 1, width: 2, channels: 1, iteration: 5 };
    expect(gridOf({ ...sheet, pixels: btoa('\u0000\u00ff\u0080\u0001') })).toEqual({
      ...{ count: 2, height: 1, width: 2, channels: 1, low: 0, high: 255 },
      values: [0, 255, 128, 1],
    });
    expect(gridOf({ ...sheet, pixels: btoa('\u0000\u00ff\u0080') })).toMatchObject({ count: 1, values: [0, 255] });
    expect(gridOf({ ...sheet, pixels: '' }).count).toBe(0);
  });

  it('go from low, black, to high, white, and no further', () => {
    expect([...rgbaOf(grid, 0)]).toEqual([0, 0, 0, 255, 255, 255, 255, 255]);
    expect([...rgbaOf(grid, 1)]).toEqual([128, 128, 128, 255, 255, 255, 255, 255]);
  });

  it('keep their colours', () => {
    const colour = { count: 1, height: 1, width: 1, channels: 3, low: 0, high: 1, values: [1, 0, 0.2] };
    expect([...rgbaOf(colour, 0)]).toEqual([255, 0, 51, 255]);
  });

  it('are drawn with whole pixels and never wider than there is room', () => {
    for (const available of [40, 300, 717, 1500])
      for (const columns of [undefined, 5, 11]) {
        const size = { count: 96, width: 28, height: 28 };
        const layout = layoutOf(size, { columns, rows: 4, available, gap: 2, most: 60 });
        expect(Number.isInteger(layout.scale) && layout.scale >= 1).toBe(true);
        expect(layout.count).toBe(Math.min(96, layout.columns * 4));
        if (columns === undefined || available >= 11 * 30) expect(layout.width).toBeLessThanOrEqual(available);
      }
  });

  it('can be taken apart', () => {
    expect(partOf(grid, 1, 1)).toEqual({ ...grid, count: 1, values: [0, 3] });
  });
});

it.each([
  ['vae.pth', null, 'model'],
  ['vae.safetensors', 'data', 'model'],
  ['x.npz', null, 'model'],
  ['x.npz', 'data', 'data'],
  ['t10k-images-idx3-ubyte.gz', 'model', 'data'],
  ['t10k-images-idx3-ubyte', null, 'data'],
  ['table.csv', 'model', 'data'],
  ['run.json', 'data', 'run'],
] as const)('takes %s on the page of %s for a %s', (name, here, kind) => {
  expect(kindOfFile(name, here)).toBe(kind);
});
