import { describe, expect, it } from 'vitest';
import { buildTarget, type Target } from '../../../../src/main/targets';
import { evaluatePath, type PathEvaluation } from '../../../../src/main/trainers/mcd/evaluate';
import { trainPath, type TrainedPath } from '../../../../src/main/trainers/mcd/train';
import { patience } from '../../../../src/main/trainers/methodTypes';
import { finish } from '../../../support/finish';
import { pathContext, pathSpec } from '../../../support/mcd';

/** Without the functions in its settings. */
function plain({ settings, ...others }: TrainedPath): unknown {
  return { ...others, shapes: settings.network?.shapes };
}

async function trained(
  target: Target,
  draft: Record<string, unknown>,
  samples = 8192,
): Promise<{ readonly path: TrainedPath; readonly draws: PathEvaluation }> {
  const context = await pathContext(target);
  const { trained: path } = await finish(trainPath(pathSpec(draft), context));
  const directions = [Float64Array.from({ length: target.dim }, (_, i) => Number(i === 0))];
  const { trained: draws } = await finish(evaluatePath(path, { samples, keep: samples, directions }, context));
  return { path, draws };
}

const near = await buildTarget({ type: 'gaussian', dim: 1, mean: 3, std: 0.5 }, '.');

describe('a training', () => {
  const draft = {
    type: 'uha-mcd',
    steps: 5,
    batch: 8,
    iterations: 24,
    score: { width: 8, blocks: 2 },
    schedule: 'learned',
  };

  it.each([
    draft,
    { ...draft, train: 'score-only', transitions: 2 },
    { type: 'ula', steps: 5, batch: 8, iterations: 24 },
  ])('goes on from a snapshot with the same bits: %o', async (each) => {
    const context = await pathContext(near);
    const whole = await finish(trainPath(pathSpec(each), context));
    for (const stop of [1, 11, 24]) {
      const begun = trainPath(pathSpec(each), context);
      let snapshot;
      for (let made = 1; made <= stop; made += 1) {
        const step = await begun.next();
        if (step.done !== true) snapshot = structuredClone(step.value.capture());
      }
      await begun.return(undefined as never);
      const rest = await finish(trainPath(pathSpec(each), context, snapshot));
      expect(rest.steps).toHaveLength(24 - stop);
      expect(plain(rest.trained), `after ${stop}`).toEqual(plain(whole.trained));
    }
  });

  it('goes on from a snapshot of an evaluation with the same bits', async () => {
    const context = await pathContext(near);
    const { trained: path } = await finish(trainPath(pathSpec({ ...draft, iterations: 3 }), context));
    const options = { samples: 9000, keep: 100, directions: [Float64Array.of(1)] };
    const whole = await finish(evaluatePath(path, options, context));
    expect(whole.steps.length).toBeGreaterThan(2);
    const first = await evaluatePath(path, options, context).next();
    if (first.done === true) throw new Error('ended');
    const rest = await finish(evaluatePath(path, options, context, structuredClone(first.value.capture())));
    expect(rest.trained).toEqual(whole.trained);
    const { strip } = whole.trained;
    expect(strip.transitions.map(({ transition }) => transition)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(strip.transitions.every(({ points }) => points.length === 400)).toBe(true);
    const counts = strip.histograms[0]?.counts ?? [];
    for (const each of counts) expect(each.reduce((a, b) => a + b, 0)).toBeGreaterThan(2900);
    expect(whole.trained.samples).toHaveLength(100);
  });

  it('returns the parameters that were best on fixed noise, not the last', async () => {
    const context = await pathContext(near);
    const wild = pathSpec({
      ...draft,
      iterations: 60,
      decay: 'constant',
      score: { width: 8, learningRate: 0.9 },
      clip: 1e9,
    });
    const { trained: path, steps } = await finish(trainPath(wild, context));
    const looks = steps.flatMap(({ iteration, report }) => {
      const bound = report['bound on fixed noise'];
      return bound === undefined ? [] : [{ iteration, bound }];
    });
    const best = looks.reduce((a, b) => (b.bound > a.bound ? b : a));
    expect(looks).toHaveLength(20);
    expect(looks.at(-1)?.bound).toBeLessThan(best.bound);
    expect([0, best.iteration]).toContain(path.bestIteration);
  });

  it('drops updates with exploded paths, halves the steps, and says so when that does not end', async () => {
    const stiff = await buildTarget({ type: 'gaussian', dim: 2, mean: 0, std: 0.02 }, '.');
    const context = await pathContext(stiff);
    const spec = { type: 'ula', steps: 40, stepSize: 0.02, batch: 4, iterations: 60, schedule: 'linear' };
    const { trained: mended } = await finish(trainPath(pathSpec(spec), context));
    expect(mended.diverged).toBeUndefined();
    expect(mended.dropped).toBeGreaterThan(0);
    expect(mended.dropped).toBeLessThan(20);
    const hopeless = { ...spec, stepSize: 9, maximum: 10, learnStepSizes: false, steps: 400, iterations: 100 };
    const tiny = await pathContext(await buildTarget({ type: 'gaussian', dim: 2, mean: 0, std: 1e-5 }, '.'));
    const { trained: lost, steps } = await finish(trainPath(pathSpec(hopeless), tiny));
    expect(steps).toHaveLength(patience);
    expect(lost.diverged).toMatchObject({ iteration: patience, transition: expect.any(Number) as number });
    expect(lost.diverged?.message).toMatch(
      /^The method "path" diverged: 25 updates in a row up to update 25 were not finite at transition \d+ with step size \S+, after halvings, and were dropped\. Use a "learningRate" below 0\.01 or a "stepSize" below 9\.$/,
    );
  });

  it('counts exploded paths of an evaluation, and where they did', async () => {
    const stiff = await buildTarget({ type: 'gaussian', dim: 1, mean: 0, std: 0.02 }, '.');
    const { draws } = await trained(stiff, { type: 'ula', steps: 40, stepSize: 0.1, iterations: 0 }, 200);
    expect(draws.exploded?.count).toBe(200);
    expect(draws.dropped).toBe(200);
    expect(draws.exploded?.transition).toBeGreaterThan(2);
    expect(draws.exploded?.transition).toBeLessThan(40);
    expect(draws.exploded?.stepSize).toBeCloseTo(0.1, 10);
  });

  it('refuses a path that does not fit into memory', async () => {
    const spec = pathSpec({ type: 'ula', steps: 1000 });
    await expect(finish(trainPath(spec, await pathContext(near), undefined, 100))).rejects.toThrow(
      /methods \(path\): one path of 1,000 transitions in 1 dimensions takes .* GB.*fewer "steps"/,
    );
  });
});
