import type { ModelRunSpec, RunFile } from './index';

/** A file that a run file names. */
export interface InputFile {
  /** Which field names it: "model.checkpoint". */
  readonly field: string;
  /** As written there; relative paths start at the run file. */
  readonly file: string;
}

/** Every file that a run file names. */
export function inputFiles(spec: RunFile): InputFile[] {
  if (spec.kind === 'target') {
    const { target } = spec;
    const file = 'file' in target ? target.file : undefined;
    const images = target.type === 'nice' ? target.train?.file : undefined;
    const flows = spec.methods.flatMap((method, index) =>
      method.type === 'annealing-flow' && method.flow !== undefined
        ? [{ field: `methods[${index}].flow`, file: method.flow }]
        : [],
    );
    return [
      ...(file === undefined ? [] : [{ field: 'target.file', file }]),
      ...(images === undefined ? [] : [{ field: 'target.train.file', file: images }]),
      ...flows,
    ];
  }
  if (spec.kind === 'vae') {
    const { data, test } = spec;
    return [
      { field: 'data.file', file: data.file },
      ...(typeof test === 'number' ? [] : [{ field: 'test.file', file: test.file }]),
    ];
  }
  if (spec.kind === 'coverage') {
    const { model, reference, training, classifier } = spec;
    return [
      { field: 'model.checkpoint', file: model.checkpoint },
      { field: 'reference.file', file: reference.file },
      ...(reference.labels === undefined ? [] : [{ field: 'reference.labels.file', file: reference.labels.file }]),
      ...(training === undefined ? [] : [{ field: 'training.file', file: training.file }]),
      ...(classifier === undefined ? [] : [{ field: 'classifier.checkpoint', file: classifier.checkpoint }]),
    ];
  }
  if (spec.kind === 'importance-flow') return [];
  const { model, data, proposals, critics } = spec;
  return [
    { field: 'model.checkpoint', file: model.checkpoint },
    ...('file' in data ? [{ field: 'data.file', file: data.file }] : []),
    ...learnedFiles('proposals', proposals),
    ...learnedFiles('critics', critics),
  ];
}

function learnedFiles(list: string, components: ModelRunSpec['proposals'] | ModelRunSpec['critics']): InputFile[] {
  return components.flatMap((component, index) => {
    if (component.type === 'saved') return [{ field: `${list}[${index}].file`, file: component.file }];
    if (component.type !== 'encoder' || component.checkpoint === undefined) return [];
    return [{ field: `${list}[${index}].checkpoint`, file: component.checkpoint }];
  });
}
