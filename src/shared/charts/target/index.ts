export { learning } from './learning';
export { logZByMethod } from './logZ';
export { methodLooks, type MethodLook } from './looks';
export { marginal } from './marginal';
export { marginalChoices, type MarginalChoice } from './marginalData';
export { momentScatter } from './moments';
export { picturePlane, type ShownSamples } from './picture';
export { targetFigure } from './targetFigure';
