export { isDrawable, mapOf, misfit, rangeNote } from './fit';
export { formOf } from './fromSchema';
export { writeJson } from './jsonText';
export * from './newRun';
export type * from './node';
export { stepsOf, withoutValue, withValue, type Steps } from './path';
export { atField, problemsOf, readText, type Problem } from './problems';
export { alternativeOf, isRecord, startOf } from './values';
export { choiceLabel, fieldLabel, formatLabel } from './words';
