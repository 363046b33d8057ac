import { defineStore } from 'pinia';
import { computed, ref, shallowRef, watch } from 'vue';
import {
  problemsOf,
  readText,
  withoutRivals,
  withoutValue,
  withValue,
  writeJson,
  type Draft,
  type Problem,
  type Steps,
} from '../../shared/forms';
import { useNotices } from './notices';

const storageKey = 'bracket.draft';

interface Kept {
  readonly text: string;
  /** Where relative paths start; null for the data folder. */
  readonly directory: string | null;
  readonly recipe: string | null;
  /** Where it came from, for people: a run's name, a recipe's title. */
  readonly origin: string | null;
}

/**
 * The run file that is being written: as text, which may be anything, and as the last value that the text was. Forms change the
 * value and with it the text; the text changes the value whenever it is JSON. It outlives a reload.
 */
export const useDraft = defineStore('draft', () => {
  const text = ref('');
  const spec = shallowRef<Draft>({});
  const directory = ref<string | null>(null);
  const recipe = ref<string | null>(null);
  const origin = ref<string | null>(null);
  /** What the engine found when it looked at the files themselves; until the next change. */
  const found = shallowRef<Problem | null>(null);

  const read = computed(() => readText(text.value));
  const mistake = computed(() => ('message' in read.value ? read.value : null));
  const problems = computed<readonly Problem[]>(() => (mistake.value === null ? problemsOf(spec.value) : []));
  const byPath = computed(() => {
    const all = found.value === null ? problems.value : [...problems.value, found.value];
    return new Map(all.map((problem) => [problem.path, problem]));
  });
  const empty = computed(() => text.value === '');
  const ready = computed(() => !empty.value && mistake.value === null && problems.value.length === 0);

  watch(
    read,
    (now) => {
      if ('value' in now && JSON.stringify(now.value) !== JSON.stringify(spec.value)) spec.value = now.value;
      found.value = null;
    },
    { flush: 'sync' },
  );

  function write(next: Draft): void {
    spec.value = next;
    text.value = writeJson(next);
  }

  const set = (steps: Steps, value: unknown): void =>
    write(withoutRivals(withValue(spec.value, steps, value), steps) as Draft);
  const remove = (steps: Steps): void => write(withoutValue(spec.value, steps) as Draft);

  function snapshot(): Kept {
    return { text: text.value, directory: directory.value, recipe: recipe.value, origin: origin.value };
  }

  function take(kept: Kept): void {
    text.value = kept.text;
    directory.value = kept.directory;
    recipe.value = kept.recipe;
    origin.value = kept.origin;
    untouched = kept.text;
  }

  /** The text as it was begun: as long as it is that, nothing is lost by beginning another. */
  let untouched = '';

  /** Begins another run file, and offers the way back to one that was being written. */
  function replace(next: Partial<Kept> & ({ text: string } | { spec: Draft })): void {
    const before = snapshot();
    const edited = before.text !== '' && before.text !== untouched;
    take({
      text: 'spec' in next ? writeJson(next.spec) : next.text,
      directory: next.directory ?? null,
      recipe: next.recipe ?? null,
      origin: next.origin ?? null,
    });
    if (edited && before.text !== text.value)
      useNotices().show('The draft of another run was replaced.', {
        seconds: 20,
        action: {
          label: 'Bring it back',
          run: () => take(before),
        },
      });
  }

  function clear(): void {
    take({ text: '', directory: null, recipe: null, origin: null });
    spec.value = {};
  }

  const kept = remembered();
  if (kept !== null) {
    take(kept);
    // Whoever reloads has something that is worth keeping.
    untouched = '';
  }
  watch([text, directory, recipe, origin], () => {
    try {
      sessionStorage.setItem(storageKey, JSON.stringify(snapshot()));
    } catch {
      // Without room it does not outlive a reload; everything else works.
    }
  });

  return {
    text,
    spec,
    directory,
    recipe,
    origin,
    found,
    mistake,
    problems,
    byPath,
    empty,
    ready,
    set,
    remove,
    write,
    replace,
    clear,
  };
});

function remembered(): Kept | null {
  try {
    const kept = JSON.parse(sessionStorage.getItem(storageKey) ?? 'null') as Partial<Kept> | null;
    if (typeof kept?.text !== 'string' || kept.text === '') return null;
    return {
      text: kept.text,
      directory: kept.directory ?? null,
      recipe: kept.recipe ?? null,
      origin: kept.origin ?? null,
    };
  } catch {
    return null;
  }
}
