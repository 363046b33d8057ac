import { describe, expect, it } from 'vitest';
import { readDataset } from '../../../src/main/datasets';
import { InputError } from '../../../src/shared/errors';
import { testFolder } from './folder';

const file = testFolder();

describe('readDataset', () => {
  it('names the formats it knows', () => {
    expect(() => readDataset(file('picture.png', '\x89PNG'))).toThrow(
      /picture\.png: the format is not known\. Use one of: CIFAR-10 binary \(\.bin\), IDX \(MNIST\), a NumPy array \(\.npy\), NumPy arrays/,
    );
  });

  it('says where a missing file was looked for', () => {
    expect(() => readDataset('nowhere/x.csv')).toThrow('nowhere/x.csv: no such file. Check the path.');
    expect(() => readDataset('nowhere/x.npz#y')).toThrow('nowhere/x.npz: no such file. Check the path.');
  });

  it.each([{ limit: 0 }, { limit: 1.5 }, { limit: NaN }, { offset: -1 }, { offset: Infinity }])(
    'refuses %o',
    (options) => {
      expect(() => readDataset(file('t.csv', '1'), options)).toThrow(InputError);
    },
  );
});
