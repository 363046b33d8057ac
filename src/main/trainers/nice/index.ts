export { alpha, dequantise, levels, quantised, resizeImages, type Size } from './pixels';
export { niceJudge, trainNice, type NiceTraining } from './train';
