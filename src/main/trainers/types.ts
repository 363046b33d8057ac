import type { ConditionalGaussian } from '../models/conditionalGaussian';
import type { Parameters } from '../models/network';
import type { TrainingCurve } from './curve';

/** A learned q(z | x), ready to be used. */
export interface TrainedProposal {
  /** Its name in the run file. */
  readonly name: string;
  readonly gaussian: ConditionalGaussian;
  readonly parameters: Parameters;
  /** Absent where it was loaded. */
  readonly curve?: TrainingCurve;
  /** What was guessed, as sentences. */
  readonly notes?: readonly string[];
}
