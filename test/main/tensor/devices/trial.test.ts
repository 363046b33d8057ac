import { describe, expect, it } from 'vitest';
import { trial } from '../../../../src/main/tensor/devices/trial';

describe('a trial in another process', () => {
  it('tells a good end from a bad one', async () => {
    expect(await trial('return { sum: Number(args[0]) + 1 };', ['2'])).toEqual({ ended: 'well', answer: { sum: 3 } });
    const bad = await trial(`console.error('log'); console.log('noise'); throw new Error('no\\nadapter');`, []);
    expect(bad).toEqual({ ended: 'badly', message: 'no adapter', log: 'log\n' });
  });

  it('outlives crashes and hangs', async () => {
    expect(
      await trial(`process.kill(process.pid, 'SIGSEGV'); await new Promise(() => setInterval(() => {}, 1e6));`, []),
    ).toEqual({ ended: 'crashed', signal: 'SIGSEGV' });
    expect(await trial('process.exit(3);', [])).toEqual({ ended: 'crashed', signal: 'exit code 3' });
    expect(await trial('for (;;);', [], 0.5)).toEqual({ ended: 'late', seconds: 0.5 });
  });

  it('believes an answer that a crash follows', async () => {
    const code = `setTimeout(() => process.kill(process.pid, 'SIGKILL'), 200); setInterval(() => {}, 1e6); return 'yes';`;
    expect(await trial(code, [])).toEqual({ ended: 'well', answer: 'yes' });
  });
});
