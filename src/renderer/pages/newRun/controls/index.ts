import type { Component } from 'vue';
import type { Steps } from '../../../../shared/forms';
import BaseNameControl from './BaseNameControl.vue';
import BasesControl from './BasesControl.vue';
import CheckpointControl from './CheckpointControl.vue';
import DatasetControl from './DatasetControl.vue';
import LadderControl from './LadderControl.vue';

/** Where a run file names a data set of images, or labels of one. */
const dataFiles: ReadonlySet<string> = new Set([
  ...['data.file', 'test.file', 'target.train.file', 'reference.file', 'reference.labels.file'],
]);

/**
 * The controls of fields whose schema does not say which values make sense: those that name what the draft has elsewhere, or what the
 * library has.
 */
export function ownControl(steps: Steps): Component | undefined {
  const [group, ...rest] = steps;
  const path = rest.join('.');
  if (dataFiles.has(steps.join('.'))) return DatasetControl;
  if (group === 'classifier' && path === 'checkpoint') return CheckpointControl;
  if (group === 'ais' && path === 'initial') return BasesControl;
  if (group === 'iwae' && path === 'proposal') return BasesControl;
  if (group === 'ais' && path === 'ladder') return LadderControl;
  return group === 'critics' && rest[1] === 'base' ? BaseNameControl : undefined;
}
