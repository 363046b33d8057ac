import './gradients';
import { activationLowerings } from './activation';
import { binaryLowerings } from './binary';
import { convLowerings } from './conv';
import { depthwiseLowerings } from './depthwise';
import { indexingLowerings } from './indexing';
import { matmulLowerings } from './matmul';
import { normLowerings } from './norm';
import { paddingLowerings } from './padding';
import { poolLowerings } from './pool';
import { reduceLowerings } from './reduce';
import { resizeLowerings } from './resize';
import { scanLowerings } from './scan';
import { shapeLowerings } from './shape';
import { slicingLowerings } from './slicing';
import { transcendentalLowerings } from './transcendental';
import type { Lowering } from './types';
import { unaryLowerings } from './unary';

/** Every tfjs kernel that can be traced. */
export const lowerings: Readonly<Record<string, Lowering>> = {
  ...unaryLowerings,
  ...transcendentalLowerings,
  ...activationLowerings,
  ...binaryLowerings,
  ...matmulLowerings,
  ...reduceLowerings,
  ...scanLowerings,
  ...shapeLowerings,
  ...slicingLowerings,
  ...paddingLowerings,
  ...indexingLowerings,
  ...convLowerings,
  ...depthwiseLowerings,
  ...poolLowerings,
  ...normLowerings,
  ...resizeLowerings,
};
