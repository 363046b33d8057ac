/** Where JSON text stops being JSON, and what to do about it. */
export interface JsonError {
  readonly line: number;
  readonly column: number;
  readonly what: string;
  readonly fix: string;
}

/**
 * Finds the first place where text is not JSON. JavaScript engines differ in whether they say it, so this reads the text again.
 * Only for text that JSON.parse has refused.
 */
export function findJsonError(text: string): JsonError {
  const scanner = new Scanner(text);
  const failure = scanner.document() ?? { at: text.length, what: 'the text ends too early', fix: 'Complete it.' };
  const before = text.slice(0, failure.at).split('\n');
  return { line: before.length, column: (before.at(-1) ?? '').length + 1, what: failure.what, fix: failure.fix };
}

interface Failure {
  readonly at: number;
  readonly what: string;
  readonly fix: string;
}

const closers = { '{': '}', '[': ']' } as const;

/** Reads JSON without building anything; iterative, so that depth costs no stack. */
class Scanner {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): Failure | undefined {
    const open: ('{' | '[')[] = [];
    for (;;) {
      const entered = this.#value(open);
      if (typeof entered === 'object') return entered;
      if (entered === 'opened') continue;
      // A value is complete: close as many containers as end here, then expect a comma.
      for (;;) {
        this.#blank();
        const container = open.at(-1);
        if (container === undefined)
          return this.#at < this.#text.length ? this.#fail('more text follows the end', 'Remove it.') : undefined;
        const character = this.#text[this.#at];
        if (character === closers[container]) {
          this.#at++;
          open.pop();
          continue;
        }
        if (character !== ',') return this.#unexpected(`a comma or "${closers[container]}"`);
        const comma = this.#at++;
        this.#blank();
        if (this.#text[this.#at] === closers[container]) {
          return { at: comma, what: 'a comma before the end of a list or object', fix: 'Remove the comma.' };
        }
        if (container === '{') {
          const failure = this.#key();
          if (failure !== undefined) return failure;
        }
        break;
      }
    }
  }

  /** One value, or the start of a container that has entries. */
  #value(open: ('{' | '[')[]): 'done' | 'opened' | Failure {
    this.#blank();
    const character = this.#text[this.#at];
    if (character === '{' || character === '[') {
      this.#at++;
      this.#blank();
      if (this.#text[this.#at] === closers[character]) {
        this.#at++;
        return 'done';
      }
      open.push(character);
      return character === '{' ? (this.#key() ?? 'opened') : 'opened';
    }
    if (character === '"') return this.#string() ?? 'done';
    const word = /[^\s,:[\]{}"]+/y;
    word.lastIndex = this.#at;
    const found = word.exec(this.#text)?.[0];
    if (found === undefined || !/^(true|false|null|-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?)$/.test(found)) {
      return this.#unexpected('a value');
    }
    this.#at += found.length;
    return 'done';
  }

  #key(): Failure | undefined {
    this.#blank();
    if (this.#text[this.#at] !== '"') return this.#unexpected('a field name in double quotes');
    const failure = this.#string();
    if (failure !== undefined) return failure;
    this.#blank();
    if (this.#text[this.#at] !== ':') return this.#unexpected('a colon');
    this.#at++;
    return undefined;
  }

  #string(): Failure | undefined {
    const start = this.#at++;
    for (; this.#at < this.#text.length; this.#at++) {
      const character = this.#text[this.#at] as string;
      if (character === '"') {
        this.#at++;
        return undefined;
      }
      if (character === '\n' || character === '\r') break;
      if (character < ' ')
        return this.#fail('a control character inside a text', 'Write it as an escape, for example \\t.');
      if (character === '\\') {
        if (!/^\\(["\\/bfnrt]|u[0-9a-fA-F]{4})/.test(this.#text.slice(this.#at, this.#at + 6))) {
          return this.#fail('an unknown escape', 'Write a backslash as \\\\.');
        }
        this.#at++;
      }
    }
    return { at: start, what: 'a text that does not end', fix: 'Close it with a double quote on the same line.' };
  }

  #blank(): void {
    while (/[ \t\n\r]/.test(this.#text[this.#at] ?? '')) this.#at++;
  }

  #unexpected(expected: string): Failure {
    const rest = this.#text.slice(this.#at, this.#at + 24);
    if (rest === '')
      return this.#fail(`the text ends where ${expected} should stand`, 'Complete it; perhaps it was cut short.');
    if (/^(\/[/*]|#)/.test(rest)) return this.#fail('a comment', 'JSON has none: remove it.');
    if (rest.startsWith("'")) return this.#fail('a single quote', 'Use double quotes.');
    if (/^[+-]?(NaN|Infinity)/.test(rest))
      return this.#fail('a number that JSON does not have', 'Give a finite number.');
    const token = /^[^\s,:[\]{}"]+/.exec(rest)?.[0] ?? rest.slice(0, 1);
    return this.#fail(`${JSON.stringify(token)} where ${expected} should stand`, 'Mend it there.');
  }

  #fail(what: string, fix: string): Failure {
    return { at: this.#at, what, fix };
  }
}
