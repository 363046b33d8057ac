import { it } from 'vitest';
import { expectEqualBits } from '../../../support/interrupted';
import { workbench } from '../../../support/runs';
import { smallVae, stripes } from '../../../support/vaeRuns';

const bench = workbench();
bench.file('stripes.npy', stripes(200));

const score = { width: 4, blocks: 1, embedding: 2, summary: 2 };

it.each([{ type: 'elbo' }, { type: 'uha-mcd', steps: 2, score }])(
  'a run of kind vae that was interrupted ends with the same bits: $type',
  // Early and late in training, and among the chains that judge it.
  (bound) => expectEqualBits((options) => bench.run({ ...smallVae, bound }, options), [0.1, 0.45, 0.96]),
);
