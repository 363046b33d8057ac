export { learning } from './learning';
export { logZAcross, logZByMethod } from './logZ';
export { methodLooks, type MethodLook } from './looks';
export { marginal } from './marginal';
export { marginalChoices, type MarginalChoice } from './marginalData';
export { momentScatter } from './moments';
export { picturePlane, type ShownSamples } from './picture';
export { targetFigure, targetFigures } from './targetFigure';
