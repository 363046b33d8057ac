export { componentSeed } from './componentSeed';
export type { CurvePoint, TrainingCurve } from './curve';
export { trainCritic, type CriticContext, type CriticSnapshot, type TrainedCritic } from './critic';
export { networkFile } from './keep';
export { loadCritic, loadProposal, type LoadContext, type LoadedCritic } from './load';
export { fillPairs, pairInputs, simulatePairs, type Pairs } from './pairs';
export { trainProposal, type ProposalContext } from './proposal';
export { train, type Trained, type TrainingProblem, type TrainingProgress, type TrainingSnapshot } from './train';
export type { TrainedProposal } from './types';
