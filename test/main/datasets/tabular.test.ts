import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readLibsvm } from '../../../src/main/datasets/libsvm';
import { readDense, readTabular, type TabularOptions } from '../../../src/main/datasets/tabular';
import { InputError } from '../../../src/shared/errors';
import { fuzz } from '../files/fuzz';
import { testFolder } from './folder';

const file = testFolder();
const read = (text: string, options: TabularOptions = {}) => readTabular(file('table.csv', text), options);
const message = (text: string, options: TabularOptions = {}): string => {
  try {
    read(text, options);
  } catch (error) {
    if (error instanceof InputError && !error.message.includes('\n'))
      return error.message.replace(/^.*table\.csv/, 'T');
    throw error;
  }
  throw new Error('was read');
};

describe('tables with a label', () => {
  it('take the last column, or the one with the usual name', () => {
    expect(read('1,2,0\n3,4,1\n')).toMatchObject({
      format: 'csv',
      count: 2,
      features: Float64Array.of(1, 2, 3, 4),
      columns: ['f1', 'f2'],
      labels: Int32Array.of(0, 1),
      classes: ['0', '1'],
      labelColumn: 'f3',
      dropped: 0,
    });
    expect(read('Class,x,z\n5,1,2\n6,3,4\n')).toMatchObject({
      columns: ['x', 'z'],
      features: Float64Array.of(1, 2, 3, 4),
      labelColumn: 'Class',
      classes: ['5', '6'],
    });
  });

  it('take columns by name and by number, and leave out others', () => {
    const text = 'id,outcome,a,b\n17,yes,1,2\n18,no,3,4\n';
    const expected = { columns: ['a', 'b'], features: Float64Array.of(1, 2, 3, 4), labels: Int32Array.of(1, 0) };
    expect(read(text, { label: 'outcome', exclude: ['id'] })).toMatchObject(expected);
    expect(read(text, { label: 2, exclude: [1] })).toMatchObject({ ...expected, classes: ['no', 'yes'] });
    expect(read(text, { label: 2, exclude: [1], positive: 'no' }).labels).toEqual(Int32Array.of(0, 1));
    expect(read('"","x","y"\n"1",5,0\n"2",7,1\n')).toMatchObject({ columns: ['x'], labels: Int32Array.of(0, 1) });
  });

  it('keep all digits, and know numbers that are written in several ways', () => {
    expect(read('0.1234567890123456,+1\n1e300,-1.0\n.5,1\n')).toMatchObject({
      features: Float64Array.of(0.1234567890123456, 1e300, 0.5),
      labels: Int32Array.of(1, 0, 1),
      classes: ['-1', '1'],
    });
    expect(read('1,9\n2,10\n').labels).toEqual(Int32Array.of(0, 1));
    expect(read('1,1\n2,2\n', { positive: 1 }).labels).toEqual(Int32Array.of(1, 0));
  });

  it('leave out rows with a missing cell where that is asked for', () => {
    const text = 'a,b,label\n1,2,0\nNA,3,1\n4,5,1\n6,?,0\n7,8,\n';
    expect(read(text, { missing: 'drop' })).toMatchObject({
      count: 2,
      dropped: 3,
      features: Float64Array.of(1, 2, 4, 5),
    });
  });

  it.each<[string, string, TabularOptions, string]>([
    ['text', 'a,b,y\n1,2,0\n3,blue,1\n', {}, 'T: row 3, column 2 (b) is "blue", not a finite number.'],
    ['text without names', '1,2,0\n3,x,1\n', {}, 'T: row 2, column 2 is "x", not a finite number.'],
    ['NaN', 'a,b,y\n1,2,0\nnan,1,1\n', {}, 'T: row 3, column 1 (a) is "nan", not a finite number.'],
    ['an empty cell', 'a,b,y\n1,,0\n3,1,1\n', {}, 'T: row 2, column 2 (b) is empty.'],
    ['a decimal comma', 'a;y\n1,5;0\n2;1\n', {}, 'Write decimals with a point.'],
    ['an overflow', 'a,y\n1e999,0\n2,1\n', {}, 'row 2, column 1 (a) is "1e999", not a finite number.'],
    ['a missing label', 'a,label\n1,0\n3,\n4,1\n', {}, 'T: row 3, column 2 (label) has no label.'],
    ['one class', 'a,label\n1,0\n3,0\n', {}, 'T: every row has the label "0".'],
    ['three classes', 'a,label\n1,0\n3,1\n4,2\n', {}, 'T: the label has 3 different values, "0", "1", "2" and so on.'],
    [
      'a wrong class',
      'a,label\n1,0\n3,1\n',
      { positive: 'yes' },
      'T: no row has the label "yes". The labels are "0" and "1".',
    ],
    ['a wrong name', 'a,label\n1,0\n3,1\n', { label: 'x' }, 'T: there is no column "x". Columns are numbered from 1'],
    ['a wrong number', 'a,label\n1,0\n3,1\n', { exclude: [3] }, 'T: there is no column 3, only 2.'],
    ['no features', 'a,label\n1,0\n3,1\n', { exclude: ['a'] }, 'T: no column is left as a feature.'],
    ['a short row', 'a,b,label\n1,2,0\n3,1\n', {}, 'T: row 3 has 2 columns and row 1 has 3.'],
    ['nothing but names', 'a,b,label\n', {}, 'T: there are no data in the file.'],
    ['nothing left', 'a,label\nNA,0\n?,1\n', { missing: 'drop' }, 'T: every one of the 2 rows has a missing cell.'],
    ['bytes', 'a,b\u0000\n', {}, 'T: this is not text in UTF-8.'],
  ])('refuse %s in one line', (_, text, options, expected) => {
    expect(message(text, options)).toContain(expected);
  });

  it('are read compressed, or refused when they are missing', () => {
    const path = file('table.csv.gz', gzipSync('1,0\n2,1\n'));
    expect(readTabular(path)).toMatchObject({ format: 'csv', count: 2 });
    expect(() => readTabular(join(path, '../none.csv'))).toThrow(/none\.csv: no such file/);
  });

  it('are read or refused in one line however they are damaged', () => {
    const bytes = new TextEncoder().encode('id,a,b,label\n1,0.5,-3e2,yes\n2,1.5,4,no\n3,"7",8,yes\n4,9,1,no\n');
    const readable = fuzz(bytes, (damaged) => readDense(damaged, 'damaged.csv'));
    expect(readable).toBeGreaterThan(20); // most damage leaves a third label
    expect(readable).toBeLessThan(900);
  });
});

describe('LIBSVM', () => {
  it('reads labels and pairs, what is left out being 0', () => {
    expect(read('+1 1:0.5 3:-2e1\n\n-1 2:7 # a comment\r\n+1\n')).toMatchObject({
      format: 'libsvm',
      count: 3,
      features: Float64Array.of(0.5, 0, -20, 0, 7, 0, 0, 0, 0),
      columns: ['f1', 'f2', 'f3'],
      labels: Int32Array.of(1, 0, 1),
      classes: ['-1', '1'],
    });
  });

  it('leaves out columns by number and by name', () => {
    const text = '2 1:1 2:2 3:3\n4 1:4 2:5 3:6\n';
    for (const exclude of [[1], ['f1']]) {
      expect(read(text, { exclude })).toMatchObject({ columns: ['f2', 'f3'], features: Float64Array.of(2, 3, 5, 6) });
    }
  });

  it.each<[string, string, TabularOptions, string]>([
    ['a pair that is none', '1 1:2\n0 1:2 x\n', {}, 'T: row 2 has "x", which is no index:value pair.'],
    ['text as a value', '1 1:2\n0 1:blue\n', {}, 'T: row 2, index 1 ("blue") is not a finite number.'],
    ['NaN', '1 1:2\n0 1:nan\n', {}, 'T: row 2, index 1 ("nan") is not a finite number.'],
    ['index 0', '1 0:2\n0 1:3\n', {}, 'T: row 1 has index 0 after index 0. Indices begin at 1'],
    ['a repeated index', '1 1:2\n0 3:3 3:4\n', {}, 'T: row 2 has index 3 after index 3.'],
    ['a giant index', '1 1:2\n0 99999999:3\n', {}, 'T: row 2 has index 99999999, more than'],
    ['a wide table', `${'1 1:2\n0 16000000:3\n'.repeat(3)}`, {}, 'numbers, too many.'],
    ['a missing label', '1 1:2\n1:3 2:4\n', {}, 'T: row 2 begins with "1:3" and has no label.'],
    ['one class', '1 1:2\n+1 1:3\n', {}, 'T: every row has the label "1".'],
    ['a label column', '1 1:2\n0 1:3\n', { label: 'y' }, 'T: a LIBSVM file has its labels in the first field.'],
    ['no features left', '1 1:2\n0 1:3\n', { exclude: [1] }, 'T: no column is left as a feature.'],
    ['no data', '# nothing\n', { format: 'libsvm' }, 'T: there are no data in the file.'],
  ])('refuses %s in one line', (_, text, options, expected) => {
    expect(message(text, options)).toContain(expected);
  });

  it('is read or refused in one line however it is damaged', () => {
    const bytes = new TextEncoder().encode('+1 1:0.5 3:-2e1 4:7\n-1 2:7 3:1\n+1 1:3 2:4 4:5\n-1 1:1\n');
    const readable = fuzz(bytes, (damaged) => readLibsvm(damaged, 'damaged.libsvm', undefined));
    expect(readable).toBeGreaterThan(100);
    expect(readable).toBeLessThan(900);
  });
});

describe('real tables', () => {
  const folder = join(import.meta.dirname, '../../../../shared/data/uci');
  const tables: [string, TabularOptions, number, number, number][] = [
    ['ionosphere.csv', {}, 351, 34, 225],
    ['sonar.csv', {}, 208, 60, 97],
    ['a1a.libsvm.txt', {}, 1605, 119, 395],
    ['australian.libsvm.txt', {}, 690, 14, 307],
    ['breast_cancer_wisconsin.libsvm.txt', { exclude: [1] }, 683, 9, 239],
    ['pima_diabetes.libsvm.txt', {}, 768, 8, 500],
    ['german_numer_scaled.libsvm.txt', {}, 1000, 24, 300],
    ['german_numeric.txt', {}, 1000, 24, 300],
    ['statlog_heart.libsvm.txt', {}, 270, 13, 120],
    ['svmguide3.libsvm.txt', {}, 1243, 22, 296],
    ['wdbc.txt', { label: 2, exclude: [1] }, 569, 30, 357],
  ];
  for (const [name, options, count, columns, positives] of tables) {
    const path = join(folder, name);
    const there = existsSync(path);
    it.skipIf(!there)(there ? name : `${name} (skipped: ../shared/data does not have it)`, () => {
      const table = readTabular(path, options);
      expect([table.count, table.columns.length]).toEqual([count, columns]);
      expect(table.labels.reduce((a, b) => a + b, 0)).toBe(positives);
    });
  }
});
