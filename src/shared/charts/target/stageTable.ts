import { numberCell, type DataTable } from '../../tables';
import { formatNumber } from '../../format';
import type { Stage, StagesOf } from './stageData';
import { betaText, stageName } from './stageData';

/** Where the draws of every stage are, stage by stage, with what is known of its density. */
export function stagesTable(of: StagesOf | undefined): DataTable {
  const axes = of?.axes ?? [];
  const stages = of?.stages ?? [];
  const has = (key: 'logZ' | 'truth' | 'ess'): boolean => stages.some((stage) => typeof stage[key] === 'number');
  const nats = { unit: 'nats', numeric: true };
  return {
    columns: [
      { name: 'k', label: of?.by === 'block' ? 'block' : 'k', numeric: true },
      { name: 'beta', label: 'β', numeric: true },
      ...axes.flatMap((axis, index) => [
        { name: `mean_${index + 1}`, label: `mean of ${axis}`, numeric: true },
        { name: `std_${index + 1}`, label: `std of ${axis}`, numeric: true },
      ]),
      ...(has('logZ') ? [{ name: 'log_z_k', label: 'log Z of the stage', ...nats }] : []),
      ...(has('truth') ? [{ name: 'true_log_z_k', label: 'truth', ...nats }] : []),
      ...(has('ess') ? [{ name: 'effective_share', label: 'effective share', numeric: true }] : []),
    ],
    rows: stages.map((stage) => [
      ...[numberCell(stage.index, 0), numberCell(stage.beta, 4)],
      ...axes.flatMap((_, axis) => {
        const { mean, std } = momentsAlong(stage, axis);
        return [numberCell(mean, 3), numberCell(std, 3)];
      }),
      ...(has('logZ') ? [numberCell(stage.logZ ?? null, 3)] : []),
      ...(has('truth') ? [numberCell(stage.truth ?? null, 3)] : []),
      ...(has('ess') ? [numberCell(stage.ess ?? null, 3)] : []),
    ]),
  };
}

/** Of a stage's draws along one axis. */
export function momentsAlong({ points }: Stage, axis: number): { readonly mean: number; readonly std: number } {
  const values = points.map((point) => point[axis] ?? NaN).filter(Number.isFinite);
  const mean = values.reduce((total, value) => total + value, 0) / values.length;
  const squares = values.reduce((total, value) => total + (value - mean) ** 2, 0);
  return { mean, std: Math.sqrt(squares / Math.max(1, values.length - 1)) };
}

/** "k = 8, β = 0.25: z₁ 1.30 ± 0.42." */
export function stageWords(of: StagesOf, stage: Stage): string {
  const along = of.axes.map((axis, index) => {
    const { mean, std } = momentsAlong(stage, index);
    return `${axis} ${formatNumber(mean)} ± ${formatNumber(std)}`;
  });
  const beta = betaText(stage);
  return `${stageName(of, stage)}${beta === '' ? '' : `, ${beta}`}: ${along.join(', ')}.`;
}
