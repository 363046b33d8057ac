/** What R-hat of the worst coordinate is asked to stay below, and above which chains are in different places (Vehtari et al. 2021). */
const [agreed, apart] = [1.01, 1.05];

/**
 * A sentence where chains disagree: a little above the limit, errors are underestimated; far above it, the chains have not met.
 * @param worst R-hat, NaN where a chain is not finite
 */
export function disagreement(name: string, worst: number): string | undefined {
  if (worst <= agreed) return undefined;
  // As many decimals as show that it is above.
  const shown = [3, 4, 5, 6].map((decimals) => worst.toFixed(decimals)).find((text) => Number(text) > agreed);
  const found = `R-hat ${shown ?? String(worst)}, above ${agreed}`;
  return worst <= apart
    ? `The chains of ${name} agree only roughly (${found}): errors of its moments are larger than stated. Use more iterations or warmUp.`
    : `The chains of ${name} do not agree yet (${found}): its moments are no truth. Use more iterations or warmUp.`;
}
