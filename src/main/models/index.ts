export { fixedBase, type Base, type BaseAt, type Rows } from './base';
export { constantsOf, learnedBase } from './learnedBase';
export { buildDecoder, type Decoder } from './decoder';
export { diagonalGaussian, type DiagonalGaussian } from './diagonalGaussian';
export { guessDecoder, type Guess } from './guess';
export { buildLikelihood, type Likelihood } from './likelihood';
export { buildModel, posteriorPath, type GenerativeModel } from './model';
export { linearGaussian, type LinearGaussian } from './linearGaussian';
