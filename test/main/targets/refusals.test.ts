import { expect, it } from 'vitest';
import { buildTarget } from '../../../src/main/targets';
import { logGamma } from '../../../src/main/targets/gamma';
import { minimise, byDifferences } from '../../../src/main/targets/oracles/minimise';
import { InputError } from '../../../src/shared/errors';
import { targetSchema } from '../../../src/shared/runFile/target';
import { expectNear } from '../../support/near';
import { testFolder } from '../datasets/folder';

const file = testFolder();
const build = (spec: object) => buildTarget(targetSchema.parse(spec), '/nowhere');

it.each<[string, () => object, RegExp]>([
  [
    'a covariance that is not symmetric',
    () => ({
      type: 'gaussian',
      covariance: [
        [1, 0.5],
        [0.4, 1],
      ],
    }),
    /^target\.covariance: is not symmetric in row 2, column 1/,
  ],
  [
    'a covariance with a negative direction',
    () => ({
      type: 'gaussian',
      covariance: [
        [1, 2],
        [2, 1],
      ],
    }),
    /^target\.covariance: is not positive definite/,
  ],
  [
    'a correlation that three coordinates cannot have',
    () => ({ type: 'gaussian', dim: 3, correlation: -0.6 }),
    /^target\.correlation: is not positive definite\. It must be more than -0\.5/,
  ],
  ['a missing file', () => ({ type: 'logistic-regression', file: 'none.csv' }), /^\/nowhere\/none\.csv: no such file/],
  [
    'features that never vary',
    () => ({ type: 'logistic-regression', file: file('flat.csv', '1,0\n1,1\n') }),
    /^flat\.csv: every feature is the same in all rows/,
  ],
  [
    'nothing to fit',
    () => ({ type: 'logistic-regression', file: file('two.csv', '1,0\n2,1\n'), split: { train: 0.4 } }),
    /^target\.split\.train: leaves none of the 2 rows to fit/,
  ],
  [
    'plates without names',
    () => ({ type: 'seeds', file: file('bare.csv', '1,2,0,0\n') }),
    /^\S*bare\.csv: row 1 names no columns\. Begin with a row of names, r, n, x1 and x2 among them\.$/,
  ],
  [
    'plates without a covariate',
    () => ({ type: 'seeds', file: file('short.csv', 'r,n,x1\n1,2,0\n') }),
    /^\S*short\.csv: row 1 names no column "x2"/,
  ],
  [
    'more seeds than there were',
    () => ({ type: 'seeds', file: file('many.csv', 'r,n,x1,x2\n1,2,0,0\n3,2,0,0\n') }),
    /^\S*many\.csv: row 3 has r = 3 of n = 2/,
  ],
  [
    'half a seed',
    () => ({ type: 'seeds', file: file('half.csv', 'n,r,x1,x2\n2,0.5,0,0\n') }),
    /^\S*half\.csv: row 2, column 2 \(r\) is 0\.5, not a count\. Write a whole number of at least 0\.$/,
  ],
  [
    'a covariate that is a word',
    () => ({ type: 'seeds', file: file('word.csv', 'n,r,x1,x2\n2,1,0,bean\n') }),
    /^\S*word\.csv: row 2, column 4 \(x2\) is "bean", not a finite number/,
  ],
  [
    'a row that ends early',
    () => ({ type: 'seeds', file: file('early.csv', 'n,r,x1,x2\n2,1,0\n') }),
    /^\S*early\.csv: row 2, column 4 \(x2\) is empty/,
  ],
  [
    'a table of names alone',
    () => ({ type: 'seeds', file: file('names.csv', 'n,r,x1,x2\n') }),
    /^\S*names\.csv: there are no plates in the file/,
  ],
])('%s is refused in one line', async (_, spec, message) => {
  await expect(build(spec())).rejects.toThrow(InputError);
  await expect(build(spec())).rejects.toThrow(message);
});

it('says what a reader of results should know of the data', async () => {
  const path = file('notes.csv', 'age,site,y\n1,7,no\n2,7,yes\n?,7,no\n');
  const target = await build({ type: 'logistic-regression', file: path, missing: 'drop' });
  expect(target.notes).toEqual([
    'Class 1 is "yes", class 0 is "no" (y).',
    'The column site is constant; the data say nothing of its weight beside the intercept.',
    '1 row was left out, with a missing cell.',
  ]);
  expect(target.labels).toEqual(['intercept', 'age', 'site']);
});

it('knows the gamma function', () => {
  expectNear(
    [0.5, 1, 1.5, 2, 5, 20.5, 300].map(logGamma),
    // √π, 0!, √π/2, 1!, 4!; the last two from the C library's lgamma
    [
      0.5 * Math.log(Math.PI),
      0,
      Math.log(Math.sqrt(Math.PI) / 2),
      0,
      Math.log(24),
      40.8315009745308,
      1409.202067470412,
    ],
    1e-10,
  );
});

it('finds the minimum of a curved valley', () => {
  const valley = ([x = NaN, y = NaN]: Float64Array): number => (1 - x) ** 2 + 100 * (y - x * x) ** 2;
  expectNear(minimise(byDifferences(valley), [-1.2, 1], { tolerance: 1e-8 }).x, [1, 1], 1e-6);
});
