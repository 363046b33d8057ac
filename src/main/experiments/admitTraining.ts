import { InputError } from '../../shared/errors';
import type { EvidenceSpec, MutualInformationSpec } from '../../shared/runFile';
import type { GenerativeModel } from '../models';
import { sizeOf } from '../tensor/types';

type Spec = MutualInformationSpec | EvidenceSpec;

/** Numbers that one layer may have for a whole minibatch: four gigabytes. */
const mostNumbers = 2 ** 30;

/**
 * Refuses minibatches that cannot fit in memory, before anything is trained.
 * @throws InputError
 */
export function admitTraining({ proposals, critics }: Spec, { decoder }: GenerativeModel): void {
  const ofDecoder = Math.max(decoder.outputs, ...decoder.layers.map(({ outputShape }) => sizeOf(outputShape)));
  proposals.forEach((spec, index) => {
    if (spec.type !== 'network') return;
    const samples = spec.objective === 'iwae' ? spec.samples : 1;
    admit(`proposals[${index}].batch`, spec.batch, samples, Math.max(ofDecoder, ...spec.hidden));
  });
  critics.forEach((spec, index) => {
    if (spec.type !== 'network') return;
    const where = `critics[${index}].batch`;
    admit(where, spec.batch, 1, ofDecoder);
    admit(
      where,
      spec.batch,
      spec.objective === 'mine-ais' ? 1 : spec.samples,
      Math.max(decoder.latent, ...spec.hidden),
    );
  });
}

function admit(where: string, batch: number, samples: number, width: number): void {
  if (batch * samples * width <= mostNumbers) return;
  const rows = samples === 1 ? `${batch} pairs` : `${samples} samples for each of ${batch} pairs`;
  throw new InputError(
    where,
    `${rows} in a layer of ${width} do not fit in memory`,
    `Use a smaller batch${samples === 1 ? '' : ' or fewer "samples"'}.`,
  );
}
