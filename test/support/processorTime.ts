/** Milliseconds that processors have worked for this process, of which a busy machine does not make more. */
export function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
