/** What became of a run whose process ended without saying how. */
export interface Exit {
  /** `interrupted` where going on from the snapshot may well work. */
  readonly status: 'interrupted' | 'failed';
  readonly text: string;
}

/** V8 gives up like this when its heap is full. */
const aborted = 134;

export function exitSentence(code: number | null, signal: string | null): Exit {
  if (code === null && signal === null) {
    return {
      status: 'failed',
      text: 'The process of the run could not be started. Check the free memory, then resume.',
    };
  }
  if (signal === 'SIGABRT' || code === aborted) {
    return {
      status: 'failed',
      text: 'The run ran out of memory. Use fewer chains or data, then start it again.',
    };
  }
  if (signal === 'SIGKILL') {
    return {
      status: 'interrupted',
      text: 'The system stopped the process of the run, perhaps because memory ran out. Resume it, with less running beside it.',
    };
  }
  if (signal === 'SIGTERM' || signal === 'SIGINT' || signal === 'SIGHUP') {
    return { status: 'interrupted', text: 'The process of the run was asked to stop. Resume it to go on.' };
  }
  const how = signal === null ? `exit code ${code}` : signal;
  return {
    status: 'failed',
    text: `The process of the run crashed (${how}). Resume it, or try another device; the log on the terminal may say more.`,
  };
}
