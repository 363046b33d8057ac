import type { Estimator } from '../../shared/runFile';
import { ais } from './ais';
import { bdmc } from './bdmc';
import { crAis } from './crAis';
import { imAis } from './imAis';
import { irAis } from './irAis';
import type { ChainEstimator } from './types';

/** The estimators that see log weights of annealed chains, by the names that run files use. A new one is a line here. */
export const chainEstimators: Readonly<Partial<Record<Estimator, ChainEstimator>>> = {
  ais,
  'im-ais': imAis,
  'cr-ais': crAis,
  'ir-ais': irAis,
  bdmc,
};
