import type { Estimator } from './index';

/** What an estimator with a critic needs of the critic's base; the others are absent. */
export const criticNeeds: Readonly<Partial<Record<Estimator, 'prior' | 'proposal' | 'any'>>> = {
  infonce: 'prior',
  'mine-dv': 'prior',
  'mine-f': 'prior',
  giwae: 'proposal',
  'gmine-dv': 'proposal',
  'gmine-f': 'proposal',
  ibal: 'any',
};
