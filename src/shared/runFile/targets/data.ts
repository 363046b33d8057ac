import { z } from 'zod';

export const seeds = z
  .strictObject({
    type: z.literal('seeds'),
    file: z
      .string()
      .min(1)
      .describe('CSV file with columns r, n, x1 and x2, a row for each plate; relative to the run file.'),
  })
  .describe(
    'Random effects of germinating seeds: r ~ Binomial(n, sigmoid(a₀ + a₁x₁ + a₂x₂ + a₁₂x₁x₂ + b)), b ~ N(0, 1/τ), τ ~ Gamma(0.01, 0.01).',
  );
