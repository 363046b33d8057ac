import type { Schedule } from '../../shared/runFile';

/**
 * Inverse temperatures 0 = β_0 < … < β_T = 1 in float64; T is the number of increments.
 *
 *     linear:   β_i = i / T
 *     sigmoid:  β_i = (g_i − g_0) / (g_T − g_0),  g_i = 1 / (1 + exp(−(−rad + 2 rad i / T)))
 *
 * A larger rad puts more points near 0 and 1 (Brekelmans et al. 2022, appendix).
 * @returns T + 1 values
 */
export function betasOf(schedule: Schedule, temperatures: number): Float64Array {
  const betas = new Float64Array(temperatures + 1);
  for (let i = 0; i <= temperatures; i += 1) betas[i] = beta(schedule, i / temperatures);
  betas[0] = 0;
  betas[temperatures] = 1;
  return betas;
}

function beta(schedule: Schedule, fraction: number): number {
  if (schedule.type === 'linear') return fraction;
  const sigmoid = (t: number): number => 1 / (1 + Math.exp(-t));
  const first = sigmoid(-schedule.rad);
  const last = sigmoid(schedule.rad);
  return (sigmoid(schedule.rad * (2 * fraction - 1)) - first) / (last - first);
}
