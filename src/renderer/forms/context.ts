import { inject, provide, type Component, type InjectionKey } from 'vue';
import type { Steps } from '../../shared/forms';

/** What the fields of a form read and write: one value, by paths into it. */
export interface FormContext {
  /** Undefined where the value has nothing there. */
  readonly value: (steps: Steps) => unknown;
  readonly set: (steps: Steps, value: unknown) => void;
  readonly remove: (steps: Steps) => void;
  /** A sentence about the field itself. */
  readonly problem: (steps: Steps) => string | undefined;
  /** A control of a field's own instead of the one that its schema gives; undefined where the schema's will do. */
  readonly control?: (steps: Steps) => Component | undefined;
  /** Nothing can be changed at the moment. */
  readonly locked: () => boolean;
}

const key: InjectionKey<FormContext> = Symbol('form');

export function provideForm(context: FormContext): void {
  provide(key, context);
}

export function useForm(): FormContext {
  const context = inject(key);
  if (context === undefined) throw new Error('A field stands outside a form.');
  return context;
}
