export { vaeLearningAcross, type ComparedVae } from './across';
export { bestLook, looksSinceBest, vaeLearning, vaeLearningCurve, type VaeLearning } from './learning';
export { learnedTransitions } from './transitions';
