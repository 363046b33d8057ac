import { describe, expect, it } from 'vitest';
import { InputError } from '../../../src/shared/errors';
import { maximumRunFileBytes, parseJsonText } from '../../../src/shared/runFile';
import { processorTime } from '../../support/processorTime';

function refusal(text: string): string {
  try {
    parseJsonText(text, 'run.json');
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
  throw new Error('was accepted');
}

describe('text that is JSON', () => {
  it('with and without a byte order mark', () => {
    expect(parseJsonText('\uFEFF{"a": [1, "}]"]}\r\n', 'run.json')).toEqual({ a: [1, '}]'] });
    expect(parseJsonText(' 3 ', 'run.json')).toBe(3);
  });
});

describe('text that is not JSON', () => {
  it.each([
    ['', 'run.json: is empty. Write a run file into it.'],
    ['\uFEFF \n', 'run.json: is empty.'],
    ['{"a": 1,}', 'line 1, column 8, a comma before the end of a list or object. Remove the comma.'],
    ['{\n  "a": 1\n  "b": 2\n}', 'line 3, column 3, "\\"" where a comma or "}" should stand. Mend it there.'],
    [
      '{"a": 1',
      'line 1, column 8, the text ends where a comma or "}" should stand. Complete it; perhaps it was cut short.',
    ],
    ['{"a": tru}', 'line 1, column 7, "tru" where a value should stand.'],
    ['{"a": 01}', 'line 1, column 7, "01" where a value should stand.'],
    ['{"a": NaN}', 'a number that JSON does not have. Give a finite number.'],
    ['{"a": -Infinity}', 'a number that JSON does not have.'],
    ["{'a': 1}", 'line 1, column 2, a single quote. Use double quotes.'],
    ['{a: 1}', 'line 1, column 2, "a" where a field name in double quotes should stand.'],
    ['{"a" 1}', 'line 1, column 6, "1" where a colon should stand.'],
    ['{"a": 1} // done', 'line 1, column 10, more text follows the end. Remove it.'],
    ['[1, // one\n2]', 'line 1, column 5, a comment. JSON has none: remove it.'],
    ['# title', 'line 1, column 1, a comment.'],
    ['["a\nb"]', 'line 1, column 2, a text that does not end.'],
    ['["C:\\data"]', 'line 1, column 5, an unknown escape. Write a backslash as \\\\.'],
    ['["a\u0001b"]', 'a control character inside a text.'],
    ['[1, 2', 'line 1, column 6, the text ends where a comma or "]" should stand.'],
    ['[,1]', '"," where a value should stand.'],
    [']', '"]" where a value should stand.'],
    ['\u0000\u0001PK', 'where a value should stand.'],
  ])('%j', (text, message) => {
    expect(refusal(text)).toContain(message);
  });

  it('finds an error in whatever JSON.parse refuses', () => {
    const source =
      '{"kind": "evidence", "model": {"checkpoint": "a.pth", "decoder": ["relu", {"linear": "b"}]}, "n": -1.5e3, "t": [true, null]}';
    let refused = 0;
    for (let at = 0; at < source.length; at += 1) {
      for (const broken of [
        source.slice(0, at),
        source.slice(0, at) + source.slice(at + 1),
        `${source.slice(0, at)},${source.slice(at)}`,
      ]) {
        try {
          JSON.parse(broken);
        } catch {
          refused += 1;
          if (broken.trim() === '') continue;
          const [, line, column] = /line (\d+), column (\d+), /.exec(refusal(broken)) ?? [];
          expect(Number(line)).toBe(1);
          expect(Number(column)).toBeLessThanOrEqual(broken.length + 1);
        }
      }
    }
    expect(refused).toBeGreaterThan(200);
  });
});

describe('text that is too much', () => {
  it('a long one is refused before it is parsed', () => {
    const started = processorTime();
    expect(refusal(`[${'0,'.repeat(25_000_000)}0]`)).toContain(
      `more than the ${maximumRunFileBytes} that a run file may have`,
    );
    expect(processorTime() - started).toBeLessThan(2000);
  });
  it('a deep one too', () => {
    expect(refusal('['.repeat(1_000_000))).toContain('run.json: nests 1000000 levels deep.');
    expect(refusal(`${'{"a":'.repeat(100)}1${'}'.repeat(100)}`)).toContain(
      'nests 100 levels deep. A run file needs fewer than 64.',
    );
    expect(parseJsonText(JSON.stringify('['.repeat(100)), 'run.json')).toBe('['.repeat(100));
  });
});
