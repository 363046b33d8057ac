import { describe, expect, it } from 'vitest';
import { InputError } from '../../../src/shared/errors';
import { applySettings } from '../../../src/shared/runFile';

const runFile = () => ({
  kind: 'evidence',
  model: { decoder: [{ linear: 'a' }, 'relu'] },
  ais: { chains: 2, initial: 'prior' },
});

function refusal(...settings: string[]): string {
  try {
    applySettings(runFile(), settings);
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
  throw new Error('was accepted');
}

describe('settings', () => {
  it('change, add and reach into lists', () => {
    const changed = applySettings(runFile(), [
      'ais.chains=4',
      'iwae.samples=10',
      'model.decoder[0].linear=b',
      'model.decoder[2]={"linear": "c"}',
      'name=a = b',
      'estimators=["ais"]',
    ]);
    expect(changed).toEqual({
      kind: 'evidence',
      name: 'a = b',
      model: { decoder: [{ linear: 'b' }, 'relu', { linear: 'c' }] },
      ais: { chains: 4, initial: 'prior' },
      iwae: { samples: 10 },
      estimators: ['ais'],
    });
  });

  it('are JSON where they can be and text elsewhere', () => {
    expect(applySettings({}, ['a=1', 'b="1"', 'c=true', 'd=', 'e=x y', 'f=null', 'g=[1', 'h= 2'])).toEqual({
      a: 1,
      b: '1',
      c: true,
      d: '',
      e: 'x y',
      f: null,
      g: '[1',
      h: 2,
    });
  });

  it('leave the original as it was', () => {
    const original = runFile();
    applySettings(original, ['ais.chains=9']);
    expect(original).toEqual(runFile());
  });

  it('make a list where an index starts one', () => {
    expect(applySettings({}, ['estimators[0]=ais', 'estimators[1]=iwae'])).toEqual({ estimators: ['ais', 'iwae'] });
  });

  it.each([
    ['ais.chains', '--set ais.chains: has no "=". Write it as path=value, for example ais.chains=4.'],
    ['=4', '--set =: is not a path.'],
    ['.ais=4', '--set .ais: is not a path.'],
    ['ais.=4', '--set ais.: is not a path.'],
    ['ais..chains=4', 'is not a path.'],
    ['a[x]=4', 'is not a path.'],
    ['a[-1]=4', 'is not a path.'],
    ['[0]=4', 'is not a path.'],
    ['__proto__.polluted=1', '"__proto__" cannot be set.'],
    ['ais.constructor.prototype.polluted=1', '"constructor" cannot be set.'],
    ['ais.prototype=1', '"prototype" cannot be set.'],
    [
      'ais.initial.type=gaussian',
      '--set ais.initial.type: ais.initial is "prior", which has nothing inside. Set ais.initial whole, as JSON.',
    ],
    ['model.decoder.linear=b', 'model.decoder is a list. Name an entry, for example model.decoder[0].'],
    ['ais[0]=b', 'ais is not a list.'],
    ['model.decoder[9]=tanh', 'model.decoder has 2 entries. The next one is model.decoder[2].'],
  ])('%s is refused', (setting, message) => {
    expect(refusal(setting)).toContain(message);
  });

  it('pollute nothing', () => {
    expect(() => applySettings({}, ['__proto__.polluted=1'])).toThrow(InputError);
    // A value may name __proto__: it is then an unknown field like any other.
    const changed = applySettings({}, ['toString.a=1', 'b={"__proto__": {"polluted": 1}}']) as Record<string, unknown>;
    expect(Object.hasOwn(changed, 'toString')).toBe(true);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect({}).not.toHaveProperty('a');
  });

  it('need an object to be applied to', () => {
    expect(() => applySettings([1], ['a=1'])).toThrow('the run file is a list');
    expect(() => applySettings(null, ['a.b=1'])).not.toThrow();
    expect(() => applySettings(3, ['a=1'])).toThrow('the run file is 3');
  });
});
