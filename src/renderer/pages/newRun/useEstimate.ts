import { watchDebounced } from '@vueuse/core';
import { computed, onScopeDispose, ref, shallowRef, watch, type ComputedRef, type Ref } from 'vue';
import { workOf, type Work } from '../../../shared/effort';
import { draftKindOf, isRecord } from '../../../shared/forms';
import { RpcError, type Estimate } from '../../../shared/rpc';
import { isModelRun, listed, parseRunFile, type ModelRunSpec, type RunFile } from '../../../shared/runFile';
import { engine } from '../../engine';
import { isCancelled } from '../../errors';
import { useDraft } from '../../stores/draft';

export interface Expected {
  readonly estimate: Readonly<Ref<Estimate | null>>;
  /** Seconds for the draft as it stands, by the last measurement until the next one is there. */
  readonly seconds: ComputedRef<number | null>;
  /** What one unit of work takes, to say where on the slider which durations lie. */
  readonly secondsPerWork: ComputedRef<number | null>;
  /** The draft with its defaults, or what it was when it last was good; null where it is no run of a model. */
  readonly parsed: ComputedRef<ModelRunSpec | null>;
  readonly busy: Ref<boolean>;
  readonly error: Ref<unknown>;
}

/** Asks the engine what the draft will cost, a moment after the last change; an older question is taken back. */
export function useEstimate(): Expected {
  const draft = useDraft();
  const estimate = shallowRef<Estimate | null>(null);
  const measured = shallowRef<{ readonly seconds: number; readonly work: number } | null>(null);
  const busy = ref(false);
  const error = ref<unknown>();
  const whole = computed<RunFile | null>((before) =>
    draft.ready ? parseRunFile(draft.spec, 'The run file') : (before ?? null),
  );
  /** How many data such a run has is taken into account without another measurement. */
  const isModel = computed(() => draftKindOf(draft.spec) === 'model');
  const parsed = computed(() => (whole.value !== null && isModelRun(whole.value) ? whole.value : null));
  let controller: AbortController | undefined;
  onScopeDispose(() => controller?.abort());

  async function ask(spec: RunFile | null): Promise<void> {
    controller?.abort();
    busy.value = false;
    if (spec === null) return;
    const own = new AbortController();
    controller = own;
    busy.value = true;
    try {
      const directory = draft.directory === null ? {} : { directory: draft.directory };
      const answer = await engine.call('runs.estimate', { spec, ...directory }, { signal: own.signal });
      estimate.value = answer;
      measured.value = isModelRun(spec) ? { seconds: answer.seconds, work: workOf(workIn(spec)) } : null;
      error.value = undefined;
    } catch (caught) {
      if (isCancelled(caught)) return;
      error.value = caught;
      estimate.value = null;
      if (caught instanceof RpcError && isRecord(caught.details) && typeof caught.details['path'] === 'string')
        draft.found = { path: caught.details['path'], message: caught.message };
    } finally {
      if (controller === own) busy.value = false;
    }
  }

  watchDebounced(whole, (spec) => void ask(spec), { debounce: 400, immediate: true });
  // Another kind, model, target or device says nothing about this one.
  const decisive = ['kind', 'model', 'target', 'data', 'bound', 'reference', 'event', 'device'] as const;
  watch(
    () => JSON.stringify(decisive.map((key) => (key === 'data' && isModel.value ? null : draft.spec[key]))),
    () => {
      measured.value = null;
      estimate.value = null;
    },
  );

  const secondsPerWork = computed(() =>
    measured.value === null || measured.value.work === 0 ? null : measured.value.seconds / measured.value.work,
  );
  const seconds = computed(() => {
    if (whole.value !== null && !isModelRun(whole.value)) return estimate.value?.seconds ?? null;
    if (secondsPerWork.value === null || parsed.value === null) return null;
    return workOf(workIn(parsed.value)) * secondsPerWork.value;
  });
  return { estimate, seconds, secondsPerWork, parsed, busy, error };
}

export function workIn({ ais, data }: ModelRunSpec): Work {
  const bases = listed(ais.initial).length;
  return { ...ais, bases, data: 'simulate' in data ? data.simulate : data.limit };
}
