import type { TargetSpec } from '../../shared/runFile/target';
import { bimodal } from './bimodal';
import { circleMixture } from './circleMixture';
import { crossedMixture } from './crossedMixture';
import { cubeMixture } from './cubeMixture';
import { exponentiallyWeighted } from './exponentiallyWeighted';
import { funnel } from './funnel';
import { gaussian } from './gaussian';
import { gaussianMixture } from './gaussianMixture';
import { gaussianProcess } from './gaussianProcess';
import { laplace } from './laplace';
import { logisticRegression } from './logisticRegression';
import { manyWell } from './manyWell';
import { niceFlow } from './nice';
import { seeds } from './seeds';
import { studentT } from './studentT';
import { truncatedNormal } from './truncatedNormal';
import type { Target } from './types';

export { trainedNiceFlow } from './nice';
export type { Assignment, HeldOut, IdealFit, IdealQuery, Mode, Plane, Target, TargetTruth } from './types';

/**
 * The density that a run file describes, with what is known of it.
 * @param directory where its relative paths start
 * @throws InputError if a file is missing or wrong, or a covariance is none
 */
export async function buildTarget(spec: TargetSpec, directory: string): Promise<Target> {
  switch (spec.type) {
    case 'gaussian-mixture':
      return gaussianMixture(spec);
    case 'gaussian':
      return gaussian(spec);
    case 'bimodal':
      return bimodal(spec);
    case 'laplace':
      return laplace(spec);
    case 'student-t':
      return studentT(spec);
    case 'funnel':
      return funnel(spec);
    case 'gaussian-process':
      return gaussianProcess(spec);
    case 'logistic-regression':
      return logisticRegression(spec, directory);
    case 'seeds':
      return seeds(spec, directory);
    case 'nice':
      return niceFlow(spec, directory);
    case 'circle-mixture':
      return circleMixture(spec);
    case 'cube-mixture':
      return cubeMixture(spec);
    case 'crossed-mixture':
      return crossedMixture();
    case 'exponentially-weighted-gaussian':
      return exponentiallyWeighted(spec);
    case 'many-well':
      return manyWell(spec);
    case 'truncated-normal':
      return truncatedNormal(spec);
  }
}
