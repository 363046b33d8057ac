export { componentSeed } from './componentSeed';
export type { CurvePoint, TrainingCurve } from './curve';
export { fillPairs, pairInputs, simulatePairs, type Pairs } from './pairs';
export { trainProposal, type ProposalContext } from './proposal';
export { train, type Trained, type TrainingProblem, type TrainingProgress, type TrainingSnapshot } from './train';
export type { TrainedProposal } from './types';
