export { componentSeed } from './componentSeed';
export type { CurvePoint, TrainingCurve } from './curve';
export { train, type Trained, type TrainingProblem, type TrainingProgress, type TrainingSnapshot } from './train';
