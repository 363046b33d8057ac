import { createPinia } from 'pinia';
import { describe, expect, it } from 'vitest';
import { createSSRApp, h, type Component } from 'vue';
import { renderToString } from 'vue/server-renderer';
import BracketNumbers from '../../src/renderer/pages/run/BracketNumbers.vue';
import TargetNumbers from '../../src/renderer/pages/run/TargetNumbers.vue';
import VaeNumbers from '../../src/renderer/pages/run/VaeNumbers.vue';
import { bracketOf } from '../../src/shared/answer';
import { posteriorSpec, targetDetail, targetSpec } from '../support/fake/target';
import { sampleResult } from '../support/sampleResult';

/** What a person reads of a component. */
async function read(component: Component, props: Record<string, unknown>): Promise<string> {
  const app = createSSRApp({ render: () => h(component, props) });
  const html = await renderToString(app.use(createPinia()));
  return html
    .replace(/<!--.*?-->/g, '')
    .replace(/<[^>]+>/g, ' ')
    .replaceAll('&#39;', "'")
    .replace(/\s+/g, ' ')
    .trim();
}

describe('the large numbers of a run', () => {
  it('have their places before there are any', async () => {
    expect(await read(BracketNumbers, { quantity: 'mi', bracket: undefined, bounds: [] })).toBe(
      'I(x; z), nats ≤ upper bound — ≥ lower bound — gap —',
    );
    expect(await read(TargetNumbers, { bracket: undefined, result: undefined })).toBe('log Z, nats ≥ lower bound —');
    expect(await read(VaeNumbers, { result: undefined })).toBe('Test log p(x), nats ≥ lower bound —');
  });

  it('are the bracket with its gap, cut at the decimal point, each bound beside the estimator that gave it', async () => {
    const { bounds, ...result } = sampleResult();
    const bracket = bracketOf({ ...result, bounds });
    expect(await read(BracketNumbers, { quantity: 'mi', bracket, bounds })).toBe(
      'I(x; z), nats ≤ upper bound 24 .856 ± 2.0 IM-AIS ≥ lower bound 24 .841 ± 2.0 CR-AIS gap 0 .015 ± 0.006',
    );
  });

  it('are the truth of a target where it is known, above the lower bound', async () => {
    const known = targetDetail(targetSpec(), 'known', 0).result;
    const unknown = targetDetail(posteriorSpec(), 'unknown', 0).result;
    if (known === null || unknown === null) throw new Error('no result');
    const text = await read(TargetNumbers, { bracket: bracketOf(known), result: known });
    expect(text).toMatch(/= truth −?\d+ (\.\d+ )?truth ≥ lower bound −?\d/);
    expect(text).toMatch(/gap −?\d/);
    expect(await read(TargetNumbers, { bracket: bracketOf(unknown), result: unknown })).not.toContain('truth');
  });
});
