import { criticNeeds, listed, type EvidenceSpec, type MutualInformationSpec } from '../../shared/runFile';
import { chainEstimators } from '../bounds';
import type { GenerativeModel } from '../models';
import type { EvaluationData } from './data';
import { ladderOf } from './gap';
import { trainingUnits } from './learned';
import { gradientUnits } from './meter';
import { samplingUnits } from './sampling';
import { pilotUnits } from './tuning';

type Spec = MutualInformationSpec | EvidenceSpec;

/** How much work each part of a run is, in the meter's units: forward passes of the decoder for one row. */
export interface Plan {
  readonly training: number;
  readonly sampling: number;
  /** Chains of one round toward the posterior, all bases together, and toward critics' energies. */
  readonly round: (temperatures: number) => number;
  /** Pilots and all rounds that are sure to come. */
  readonly chains: number;
}

/** What a run will cost, known before anything is trained. */
export function planOf(spec: Spec, data: Pick<EvaluationData, 'count' | 'exact'>, model: GenerativeModel): Plan {
  const { ais, iwae, contrastive, estimators } = spec;
  const networks = [...spec.proposals, ...spec.critics].filter((each) => each.type === 'network');
  const training = networks.reduce((total, network) => {
    const iterations = network.iterations + ('refine' in network ? network.refine : 0);
    return total + iterations * trainingUnits(network, model);
  }, 0);
  const chained = estimators.some((name) => chainEstimators[name] !== undefined);
  const posteriors = chained ? listed(ais.initial).length : 0;
  const energies = estimators.includes('ibal') ? spec.critics.length : 0;
  const passes =
    1 +
    Number(data.exact !== undefined) +
    (runsCoupled(spec) ? (ais.chains - 1) / ais.chains : 0) +
    Number(estimators.includes('ir-ais'));
  const rows = data.count * ais.chains * gradientUnits;
  const round = (temperatures: number): number =>
    rows * (1 + (temperatures - 1) * ais.leapfrog) * (posteriors * passes + 2 * energies);
  const pilots = ais.stepSize === undefined ? (posteriors + energies) * pilotUnits(ais, data.count) : 0;
  const weighted = estimators.some((name) => ['ba', 'iwae', 's-infonce'].includes(name));
  const contrasted = estimators.some((name) => criticNeeds[name] !== undefined && name !== 'ibal');
  return {
    training,
    sampling:
      (weighted ? basesOfSamples(spec) * samplingUnits(listed(iwae.samples), data) : 0) +
      (contrasted ? spec.critics.length * samplingUnits(listed(contrastive.samples), data) : 0),
    round,
    chains: pilots + ladderOf(ais).reduce((total, temperatures) => total + round(temperatures), 0),
  };
}

/** Whether the chains of the coupled lower bound on log p(x) are run. */
export function runsCoupled({ ais, estimators }: Spec): boolean {
  return ais.coupledUpper && estimators.includes('cr-ais') && ais.chains > 1;
}

function basesOfSamples({ iwae, proposals, estimators }: Spec): number {
  const named = listed(iwae.proposal);
  const others = estimators.includes('ba') ? proposals.length : 0;
  const prior = estimators.includes('s-infonce') && !named.includes('prior') ? 1 : 0;
  return Math.max(named.length, others) + prior;
}
