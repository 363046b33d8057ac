import { coverageRunSchema, importanceFlowSchema, vaeRunSchema } from '../runFile';
import { formOf } from './fromSchema';
import type { LaidOutKind } from './kinds';
import { kindLabels } from './kindWords';
import type { FormField, FormNode, GroupNode } from './node';
import { pathText } from '../runFile/fieldPath';
import { stepsOf, type Steps } from './path';

const schemas = {
  vae: vaeRunSchema,
  coverage: coverageRunSchema,
  'importance-flow': importanceFlowSchema,
};

/** One part of the page for a new run. */
export interface KindStep {
  readonly title: string;
  readonly note?: string;
  /** A part that is more than fields: which model, how hard to try. */
  readonly part?: 'model' | 'effort';
  readonly fields: readonly PlacedField[];
}

/** A field of the schema and where its value is in the run file. */
export interface PlacedField {
  readonly field: FormField;
  readonly steps: Steps;
}

interface Layout extends Omit<KindStep, 'fields'> {
  readonly paths: readonly string[];
}

/** Which fields stand where, by their paths. What is named nowhere comes under Advanced, in the order of the schema. */
const layouts: Readonly<Record<LaidOutKind, readonly Layout[]>> = {
  vae: [
    {
      title: 'Data',
      note: 'The images to train on; some are kept back',
      paths: ['data.file', 'data.limit', 'data.binarise', 'likelihood'],
    },
    {
      title: 'Networks',
      note: 'Dense layers, from x to z and back',
      paths: ['model.latent', 'model.encoder', 'model.decoder', 'model.activation'],
    },
    { title: 'Bound', note: 'The lower bound on log p(x) that training raises', paths: ['bound'] },
    { title: 'Effort', part: 'effort', paths: ['training.epochs', 'training.patience'] },
  ],
  coverage: [
    { title: 'Generator', part: 'model', paths: ['model'] },
    {
      title: 'Data',
      note: 'Real items that the generator was not trained on',
      paths: ['reference.file', 'reference.binarise', 'reference.labels'],
    },
    { title: 'Classes and distances', paths: ['classifier', 'features', 'draws', 'rescale'] },
    { title: 'Effort', part: 'effort', paths: ['samples', 'reference.limit'] },
  ],
  'importance-flow': [
    { title: 'Event', note: 'Its probability under a standard normal', paths: ['event'] },
    { title: 'Comparison', paths: ['ratio'] },
    { title: 'Effort', part: 'effort', paths: ['flow.iterations', 'flow.refinement', 'evaluate.samples'] },
  ],
};

/** The form of a run of a kind: that of its schema, called as the kind calls things. */
export function kindForm(kind: LaidOutKind): GroupNode {
  return labelled(formOf(schemas[kind]), [], kindLabels[kind]) as GroupNode;
}

/** The steps of the page for a new run, in their order. */
export function kindSteps(kind: LaidOutKind): readonly KindStep[] {
  const form = kindForm(kind);
  return layouts[kind].map(({ paths, ...step }) => ({
    ...step,
    fields: paths.flatMap((path) => {
      const steps = stepsOf(path);
      const field = fieldAt(form, steps);
      return field === undefined ? [] : [{ field, steps }];
    }),
  }));
}

/** Every field that no step has: the plain ones together, then group by group. */
export function kindAdvanced(kind: LaidOutKind): readonly PlacedField[] {
  const placed = new Set(layouts[kind].flatMap(({ paths }) => paths));
  const rest = remaining(kindForm(kind), [], placed).fields.filter(({ node }) => node.type !== 'constant');
  const plain = rest.filter(({ node }) => node.type !== 'group');
  const run: FormField = {
    ...{ key: '', label: 'Run', optional: false },
    node: { type: 'group', help: '', fields: plain },
  };
  return [
    ...(plain.length === 0 ? [] : [{ field: run, steps: [] }]),
    ...rest.filter(({ node }) => node.type === 'group').map((field) => ({ field, steps: [field.key] })),
  ];
}

function fieldAt(form: GroupNode, steps: Steps): FormField | undefined {
  const [first, ...rest] = steps;
  const field = form.fields.find(({ key }) => key === first);
  if (field === undefined || rest.length === 0) return field;
  return field.node.type === 'group' ? fieldAt(field.node, rest) : undefined;
}

function remaining(group: GroupNode, steps: Steps, placed: ReadonlySet<string>): GroupNode {
  const fields = group.fields.flatMap((field): FormField[] => {
    const path = [...steps, field.key];
    if (placed.has(pathText(path))) return [];
    if (field.node.type !== 'group') return [field];
    const inner = remaining(field.node, path, placed);
    return inner.fields.length === 0 ? [] : [{ ...field, node: inner }];
  });
  return { ...group, fields };
}

type Labels = Readonly<Record<string, string>>;

/** By the path of a field, else by its key; alternatives by what tells them apart. */
function labelled(node: FormNode, steps: Steps, labels: Labels): FormNode {
  switch (node.type) {
    case 'group':
      return {
        ...node,
        fields: node.fields.map(({ key, label, optional, node: inner, ...rest }) => {
          const path = [...steps, key];
          const own = labels[pathText(path)] ?? labels[key];
          // Units of the same keys elsewhere say nothing here.
          const unit = own === undefined && rest.unit !== undefined ? { unit: rest.unit } : {};
          return { key, label: own ?? label, optional, node: labelled(inner, path, labels), ...unit };
        }),
      };
    case 'list':
      return { ...node, item: labelled(node.item, steps, labels) };
    case 'union':
      return {
        ...node,
        alternatives: node.alternatives.map(({ label, node: each }) => ({
          label: labels[`${pathText(steps)}|${tellOf(each)}`] ?? labels[`|${tellOf(each)}`] ?? label,
          node: labelled(each, steps, labels),
        })),
      };
    default:
      return node;
  }
}

/** "elbo" for { type: 'elbo' }, "false" for a constant, else what kind of node it is. */
function tellOf(node: FormNode): string {
  if (node.type === 'constant') return String(node.value);
  if (node.type !== 'group') return node.type;
  const mark = node.fields.find((field) => field.node.type === 'constant')?.node;
  return mark?.type === 'constant' ? String(mark.value) : 'group';
}
