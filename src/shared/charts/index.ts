export { alongOf, alongTemperatures, areaOf, type Along } from './alongTemperatures';
export { compare, sharedRange, type ComparedRun, type CompareInput } from './compare';
export { markOf, sideColour, sideTextColour, type Mark } from './encoding';
export type { ChartOption, Figure, Range, Size, View } from './figure';
export { perDatum, perDatumData, type DatumBracket } from './perDatum';
export { runFigure } from './runFigure';
export { sandwich, type SandwichInput } from './sandwich';
export { lastPointOf } from './sandwichData';
export { darkTheme, lightTheme, paperTheme, type ChartTheme } from './theme';
