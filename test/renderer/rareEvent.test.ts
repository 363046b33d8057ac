import { describe, expect, it } from 'vitest';
import { createPinia } from 'pinia';
import { TooltipProvider } from 'reka-ui';
import { createSSRApp, h, type Component } from 'vue';
import { renderToString } from 'vue/server-renderer';
import RareEventNumbers from '../../src/renderer/pages/run/RareEventNumbers.vue';
import EstimatesTab from '../../src/renderer/pages/run/tabs/EstimatesTab.vue';
import { rareEventResult } from '../support/fake/rareEvent';

/** What a person reads of a component. */
async function read(component: Component, props: Record<string, unknown>): Promise<string> {
  const app = createSSRApp({ render: () => h(TooltipProvider, null, { default: () => h(component, props) }) });
  const html = await renderToString(app.use(createPinia()));
  return html
    .replace(/<!--.*?-->/g, '')
    .replace(/<[^>]+>/g, ' ')
    .replaceAll('&#39;', "'")
    .replace(/\s+/g, ' ')
    .trim();
}

describe('the page of a run of a rare event', () => {
  it('has the estimate, the closed form and their ratio in large numbers', async () => {
    expect(await read(RareEventNumbers, { result: rareEventResult(), event: '|x| ≥ 4' })).toBe(
      'P(|x| ≥ 4) ≈ estimate 3.357 ± 0.024 × 10⁻⁴ Importance flow = truth 3.3546 × 10⁻⁴ closed form / ratio 1.001 ± 0.007 estimate / truth',
    );
    expect(await read(RareEventNumbers, { result: undefined, event: '|x| ≥ 4' })).toBe(
      'P(|x| ≥ 4) ≈ estimate — Importance flow = truth — closed form / ratio — estimate / truth',
    );
  });

  it('lists every estimator, says what is biased, and calls nothing a bound', async () => {
    const text = await read(EstimatesTab, { name: 'Event', result: rareEventResult() });
    expect(text).toContain(
      'Importance flow (3.357 ± 0.024) × 10⁻⁴ 1.0008 ± 0.0072 0.273 10,900 20,000 17,691 15,714 0.0002',
    );
    expect(text).toContain('Density ratios (biased) 5.7180 × 10⁻⁹ 1.7 × 10⁻⁵');
    expect(text).toContain('would need 2.2 × 10⁸ draws for the same interval, of which 73,300 would hit');
    expect(text).toContain('hit 7 times in 20,000 draws, where 6.7 were to be expected');
    expect(text).toContain('−14.64 nats from the exact one on average');
    expect(text.replace('which bound nothing', '')).not.toMatch(/bound/);
    expect(await read(EstimatesTab, { name: 'Event', result: undefined })).toBe(
      'Estimates are listed here when the run has ended.',
    );
  });
});
