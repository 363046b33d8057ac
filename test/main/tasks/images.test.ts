import { describe, expect, it } from 'vitest';
import { gridOf, layoutOf, pictureShape, rangeOf, shownRange } from '../../../src/main/tasks/images';

describe('how a datum is shown', () => {
  it.each([
    [
      [28, 28],
      [28, 28, 1],
    ],
    [
      [1, 28, 28],
      [28, 28, 1],
    ],
    [
      [3, 32, 32],
      [32, 32, 3],
    ],
    [
      [32, 32, 3],
      [32, 32, 3],
    ],
    [[784], [28, 28, 1]],
    [[3072], [32, 32, 3]],
    [[10], [1, 10, 1]],
    [[9], [1, 9, 1]],
    [[100], [10, 10, 1]],
    [[101], [1, 101, 1]],
    [[], [1, 1, 1]],
    [
      [7, 5, 6],
      [1, 210, 1],
    ],
  ])('%j', (shape, [height, width, channels]) => {
    expect(layoutOf(shape)).toMatchObject({ height, width, channels });
  });
});

it('planes of colour become pixels', () => {
  const planar = Float32Array.of(1, 2, 3, 4, 10, 20, 30, 40, 100, 200, 300, 400);
  expect(gridOf(planar, 1, [3, 2, 2], [0, 400]).values).toEqual([1, 10, 100, 2, 20, 200, 3, 30, 300, 4, 40, 400]);
});

it('many pictures are shrunk by averaging', () => {
  const [count, side] = [256, 64];
  const values = Float32Array.from({ length: count * side * side }, (_, index) => ((index % side) % 2) * 2);
  const grid = gridOf(values, count, [side, side], [0, 2]);
  expect(grid.values.length).toBeLessThanOrEqual(2 ** 18);
  expect(grid.values).toHaveLength(count * grid.height * grid.width);
  expect(grid.values.every((value) => value === 1)).toBe(true);
});

it('ranges are what the numbers mean', () => {
  expect(shownRange([0.1, 0.9])).toEqual([0, 1]);
  expect(shownRange([0, 255])).toEqual([0, 255]);
  expect(shownRange([-0.9, 0.8])).toEqual([-1, 1]);
  expect(shownRange([-3, 7])).toEqual([-3, 7]);
  expect(shownRange([7, 7])).toEqual([7, 8]);
  expect(rangeOf(Float32Array.of(2, -1, 5))).toEqual([-1, 5]);
  expect(rangeOf(new Float32Array())).toEqual([0, 1]);
});

describe('what a decoder gives in a flat row', () => {
  const trainedOn = (shape: string) => new Map([['shape', shape]]);

  it('is shown in the shape of what it was trained on', () => {
    expect(pictureShape([36], trainedOn('[6,6]'))).toEqual([6, 6]);
    expect(pictureShape([36], trainedOn('[1,4,9]'))).toEqual([1, 4, 9]);
  });

  it.each(['[6,7]', '[6,-6]', '"6 × 6"', '[6,', '[6.5,6]'])('is left as it is where the file says %s', (shape) => {
    expect(pictureShape([36], trainedOn(shape))).toEqual([36]);
  });

  it('is left as it is where the file says nothing, or the layers say more', () => {
    expect(pictureShape([36], new Map())).toEqual([36]);
    expect(pictureShape([4, 9], trainedOn('[6,6]'))).toEqual([4, 9]);
  });
});
