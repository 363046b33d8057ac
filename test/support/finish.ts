/** Runs a generator to its end. */
export async function finish<Step, Result>(
  generator: AsyncGenerator<Step, Result>,
): Promise<{ readonly trained: Result; readonly steps: Step[] }> {
  const steps: Step[] = [];
  for (;;) {
    const { done, value } = await generator.next();
    if (done === true) return { trained: value, steps };
    steps.push(value);
  }
}
