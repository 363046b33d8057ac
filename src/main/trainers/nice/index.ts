export {
  heldOutQuantity,
  niceQuantity,
  trainBestNice,
  type BestNiceSnapshot,
  type BestNiceTraining,
  type TrainedNice,
} from './best';
export { alpha, dequantise, levels, quantised, resizeImages, type Size } from './pixels';
export { niceJudge, trainNice, type NiceTraining } from './train';
