import { describe, expect, it } from 'vitest';
import { eventText, importanceEdges, importanceFlowSchema, inputFiles } from '../../../src/shared/runFile';

const spec = (event: object, flow: object = {}) => importanceFlowSchema.parse({ kind: 'importance-flow', event, flow });
const edges = (event: object, flow: object = {}) =>
  importanceEdges(spec(event, flow)).map(({ edge, sharpness }) => [edge, sharpness]);

describe('what the blocks of an importance flow aim at', () => {
  it('moves out to the event in steps of one and becomes steep', () => {
    expect(edges({ type: 'outside-ball', dim: 2, radius: 4 })).toEqual([
      [1, 5],
      [2, 10],
      [3, 15],
      [4, 20],
      [4, 25],
      [4, 25],
    ]);
    expect(edges({ type: 'half-space', dim: 3, threshold: 2.5 }, { refinement: 0 })).toEqual([
      [2.5 / 3, 5],
      [5 / 3, 10],
      [2.5, 15],
    ]);
  });

  it('needs no blocks where most of a normal lies, nor for events that are not rare', () => {
    expect(edges({ type: 'outside-ball', dim: 100, radius: 12 }, { refinement: 0 }).map(([edge]) => edge)).toEqual([
      9, 10, 11, 12,
    ]);
    expect(edges({ type: 'outside-ball', dim: 100, radius: 5 }, { refinement: 1 })).toEqual([
      [5, 5],
      [5, 25],
    ]);
    expect(edges({ type: 'half-space', dim: 1, threshold: -2 }, { refinement: 0 })).toEqual([[-2, 5]]);
  });

  it('is what a run file lists, with refinement at the event and as steep', () => {
    const listed = { edges: [{ edge: 3, sharpness: 40 }], refinement: 1 };
    expect(edges({ type: 'outside-ball', dim: 2, radius: 4 }, listed)).toEqual([
      [3, 40],
      [4, 40],
    ]);
  });

  it('is of an event in words, without a file', () => {
    expect(eventText(spec({ type: 'outside-ball', radius: 4.5 }).event)).toBe('|x| ≥ 4.5');
    expect(eventText(spec({ type: 'half-space', threshold: -1 }).event)).toBe('x₁ > -1');
    expect(inputFiles(spec({ type: 'half-space' }))).toEqual([]);
  });
});
