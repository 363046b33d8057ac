export { bestLook, looksSinceBest, vaeLearning, vaeLearningCurve, type VaeLearning } from './learning';
export { learnedTransitions } from './transitions';
