import { binaryLowerings } from './binary';
import { matmulLowerings } from './matmul';
import { reduceLowerings } from './reduce';
import { shapeLowerings } from './shape';
import type { Lowering } from './types';
import { unaryLowerings } from './unary';

/** Every tfjs kernel that can be traced. */
export const lowerings: Readonly<Record<string, Lowering>> = {
  ...unaryLowerings,
  ...binaryLowerings,
  ...matmulLowerings,
  ...reduceLowerings,
  ...shapeLowerings,
};
