import type { RunFile } from './index';

/** A file that a run file names. */
export interface InputFile {
  /** Which field names it: "model.checkpoint". */
  readonly field: string;
  /** As written there; relative paths start at the run file. */
  readonly file: string;
}

/** Every file that a run file names. */
export function inputFiles({ model, data, proposals, critics }: RunFile): InputFile[] {
  const learned = (list: string, components: RunFile['proposals'] | RunFile['critics']): InputFile[] =>
    components.flatMap((component, index) => {
      if (component.type === 'saved') return [{ field: `${list}[${index}].file`, file: component.file }];
      if (component.type !== 'encoder' || component.checkpoint === undefined) return [];
      return [{ field: `${list}[${index}].checkpoint`, file: component.checkpoint }];
    });
  return [
    { field: 'model.checkpoint', file: model.checkpoint },
    ...('file' in data ? [{ field: 'data.file', file: data.file }] : []),
    ...learned('proposals', proposals),
    ...learned('critics', critics),
  ];
}
