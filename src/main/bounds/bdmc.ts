import { harmonicMean } from './crAis';
import { logMeanExp } from './logMeanExp';
import type { ChainEstimator } from './types';

/**
 * Bidirectional Monte Carlo (Grosse, Ghahramani and Adams 2015): the lower bound of independent multi-sample AIS with the upper
 * bound of the coupled reverse chains. The two sides are not one proposal and its target.
 */
export const bdmc: ChainEstimator = ({ forward, reverse }) => ({
  lower: logMeanExp(forward),
  upper: reverse === undefined ? undefined : harmonicMean(reverse),
});
