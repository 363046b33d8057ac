import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readDataset } from '../../../src/main/datasets';
import { csv } from '../../../src/main/datasets/csv';
import { InputError } from '../../../src/shared/errors';
import { fuzz } from '../files/fuzz';
import { testFolder } from './folder';

const file = testFolder();
const read = (text: string, options = {}) => readDataset(file('table.csv', text), options);

describe('CSV', () => {
  it.each<[string, string]>([
    ['commas', '1,2\n3,4.5\n'],
    ['no last line break', '1,2\n3,4.5'],
    ['CRLF', '1,2\r\n3,4.5\r\n'],
    ['CR', '1,2\r3,4.5\r'],
    ['semicolons', '1;2\n3;4.5\n'],
    ['tabs', '1\t2\n3\t4.5\n'],
    ['spaces', '  1   2\n 3 4.5  \n\n'],
    ['tabs and spaces', '1 \t2\n3\t\t4.5\n'],
    ['commas and spaces', ' 1 , 2\n 3 ,+4.50e0 \n'],
    ['quotation marks', '"1","2"\n"3","4.5"\n'],
    ['a byte-order mark', '\ufeff1,2\n3,4.5\n'],
    ['a byte-order mark and spaces', '\ufeff1 2\n3 4.5\n'],
    ['comments and empty lines', '# made by savetxt, 2024; x\n\n1,2\n# more\n3,4.5\n\n'],
  ])('reads %s', (_, text) => {
    const data = read(text);
    expect(data).toMatchObject({ name: 'table.csv', format: 'csv', count: 2, shape: [2], scale: 'none' });
    expect([...data.values]).toEqual([1, 2, 3, 4.5]);
    expect(data.columns).toBeUndefined();
  });

  it.each<[string, string, string[]]>([
    ['names', 'a,b\n1,2\n', ['a', 'b']],
    ['quoted names', '"a, b";"c"\n1;2\n', ['a, b', 'c']],
    ['names between spaces', 'a b\n1 2\n', ['a', 'b']],
    ['names with spaces', 'sepal length,sepal width\n1,2\n', ['sepal length', 'sepal width']],
  ])('takes a first line without numbers for %s', (_, text, columns) => {
    expect(read(text)).toMatchObject({ count: 1, columns, values: Float32Array.of(1, 2) });
  });

  it('reads a single column', () => {
    expect(read('sepal length\n1\n2\n')).toMatchObject({ count: 2, shape: [1], columns: ['sepal length'] });
    expect(read('1\n2\n3')).toMatchObject({ count: 3, shape: [1] });
  });

  it('leaves out the row numbers that R and pandas write', () => {
    expect(read('"","x","y"\n"1",5,6\n"2",7,8\n')).toMatchObject({
      shape: [2],
      columns: ['x', 'y'],
      values: Float32Array.of(5, 6, 7, 8),
    });
    const pandas = ',0,1\n0,5,6\n1,7,8\n2,9,9\n';
    expect(read(pandas, { offset: 1 })).toMatchObject({
      count: 2,
      columns: ['0', '1'],
      values: Float32Array.of(7, 8, 9, 9),
    });
    expect(read(',x\n3,5\n3,6\n')).toMatchObject({ shape: [2], columns: ['', 'x'] });
  });

  it('reads some rows, and does not look at those after them', () => {
    expect(read('a,b\n1,2\n3,4\n5,6\n7,x\n', { offset: 1, limit: 2 }).values).toEqual(Float32Array.of(3, 4, 5, 6));
    expect(read('1 2\n3 4\n5 x\n', { limit: 2 }).values).toEqual(Float32Array.of(1, 2, 3, 4));
    expect(() => read('1,2\n3,4\n', { offset: 2 })).toThrow(/offset 2 skips all 2 data/);
  });

  it('reads compressed tables and other endings', () => {
    expect(readDataset(file('t.tsv.gz', gzipSync('1\t2\n')))).toMatchObject({
      format: 'csv.gz',
      name: 't.tsv.gz',
      count: 1,
    });
    expect(readDataset(file('T.TXT', '1 2\n')).count).toBe(1);
  });

  it('scales bytes', () => {
    expect(read('0,51\n255,102\n', { scale: 'unit' }).values).toEqual(Float32Array.of(0, 0.2, 1, 0.4));
  });

  it.each<[string, string, RegExp]>([
    ['text', 'a,b\n1,2\n3,x\n', /^\S+table\.csv: row 3, column 2 \("x"\) is not a finite number/],
    ['text in the first row', '1,?\n3,4\n', /row 1, column 2 \("\?"\)/],
    ['a first row of missing values', 'NaN,NaN\n3,4\n', /row 1, column 1 \("NaN"\)/],
    ['NaN', '1,2\n\n3,nan\n', /row 3, column 2/],
    ['infinity', '1,2\n-Infinity,4\n', /row 2, column 1 \("-Infinity"\)/],
    ['an empty cell', '1,2\n3,\n', /row 2, column 2 is empty/],
    ['an empty cell between tabs', '1\t2\t3\n4\t\t6\n', /row 2, column 2 is empty/],
    ['a short row', '1,2,3\n4,5\n', /row 2 has 2 columns and row 1 has 3/],
    ['a long row', 'a,b\r\n1,2\r\n3,4,5\r\n', /row 3 has 3 columns and row 1 has 2/],
    ['a short row between spaces', '1 2 3\n4 5\n', /row 2 has 2 columns and row 1 has 3/],
    [
      'decimal commas',
      '1,5;2\n3;4\n',
      /row 1, column 1 \("1,5"\) is not a finite number\. Write decimals with a point/,
    ],
    ['hexadecimal numbers', '1,2\n0x10,4\n', /row 2, column 1 \("0x10"\)/],
    ['too large numbers', '1,2\n1e39,4\n', /row 2, column 1 \(1e39\) is too large for float32/],
    ['numbered columns', '0,1,2,3\n5,6,7,8\n', /row 1 counts 0, 1, 2/],
    ['an open quotation mark', '1,2\n3,"4\n', /quotation mark in row 2 is out of place/],
    ['text behind a quotation mark', '1,2\n"3"x,4\n', /quotation mark in row 2 is out of place/],
    ['names alone', 'a,b\n', /there are no data/],
    ['nothing but lines', '\n\n', /there are no data/],
    ['a null character', '1,2\n\0,3', /not text in UTF-8/],
    ['long text', `1\n${'x'.repeat(9999)}\n`, /row 2, column 1 \("x{40}…"\)/],
  ])('refuses %s', (_, text, message) => {
    expect(() => read(text)).toThrow(InputError);
    expect(() => read(text)).toThrow(message);
  });

  it('counts rows as a spreadsheet does', () => {
    expect(() => read('# a\r\nx,y\r\n\r\n1,2\n3,?\n')).toThrow(/row 5, column 2/);
    expect(() => read('# a\n1 2\n\n3 ?\n')).toThrow(/row 4, column 2/);
  });

  it('refuses other encodings', () => {
    expect(() => readDataset(file('t.csv', Uint8Array.of(0xff, 0xfe, 0x31, 0)))).toThrow(/not text in UTF-8/);
  });

  it.each([
    ['commas', 'x,y,label\n1.5,-2e3,0\n3.25,4,1\n5,6,1\n'],
    ['quotation marks', '"","x"\n"1",2\n"2",3\n'],
    ['spaces', ' 1 2 3\n4 5 6\n\n7 8 9'],
  ])('survives damage (%s)', (_, text) => {
    const bytes = new TextEncoder().encode(text);
    expect(fuzz(bytes, (damaged) => csv.read(damaged, 'f.csv', {}))).toBeLessThan(1000);
  });
});
