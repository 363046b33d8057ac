export { classCoverageBars, missingClasses } from './classCoverage';
export { coverageFigures, weightFigures } from './figures';
export { modeColour } from './looks';
export { marginalDistances } from './marginalDistances';
export { ratioMap } from './ratioMap';
export { ratioRanks } from './ratioRanks';
export { coverageScatter, type ScatterInput } from './scatter';
export { signBalance } from './signBalance';
export { mostBars, weightBars } from './weightBars';
