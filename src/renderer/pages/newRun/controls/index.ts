import type { Component } from 'vue';
import type { Steps } from '../../../../shared/forms';
import BaseNameControl from './BaseNameControl.vue';
import BasesControl from './BasesControl.vue';
import LadderControl from './LadderControl.vue';

/** The controls of fields whose schema does not say which values make sense: those that name what the draft has elsewhere. */
export function ownControl([group, ...rest]: Steps): Component | undefined {
  const path = rest.join('.');
  if (group === 'ais' && path === 'initial') return BasesControl;
  if (group === 'iwae' && path === 'proposal') return BasesControl;
  if (group === 'ais' && path === 'ladder') return LadderControl;
  return group === 'critics' && rest[1] === 'base' ? BaseNameControl : undefined;
}
