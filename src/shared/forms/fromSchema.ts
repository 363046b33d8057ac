import { z } from 'zod';
import type { Alternative, FormField, FormNode, GroupNode } from './node';
import { choiceLabel, fieldLabel, fieldUnit } from './words';

/** The part of JSON Schema that zod writes for run files. */
interface JsonSchema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: string | number | boolean | null;
  readonly enum?: readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema | false;
  readonly prefixItems?: readonly JsonSchema[];
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
}

/**
 * The form of a schema: every field with its limits, its default and its help, in the schema's order. It goes by the JSON Schema
 * that zod itself writes, so that a field added to the schema is in the form without more ado.
 */
export function formOf(schema: z.ZodType): FormNode {
  return nodeOf(z.toJSONSchema(schema, { io: 'input', reused: 'inline' }) as JsonSchema);
}

function nodeOf(schema: JsonSchema): FormNode {
  const common = {
    help: schema.description ?? '',
    ...(schema.default === undefined ? {} : { fallback: schema.default }),
  };
  const alternatives = schema.oneOf ?? schema.anyOf;
  if (alternatives !== undefined) return { ...common, type: 'union', alternatives: alternatives.map(alternativeOf) };
  if (schema.const !== undefined) return { ...common, type: 'constant', value: schema.const };
  if (schema.enum !== undefined) return { ...common, type: 'choice', options: schema.enum };
  switch (schema.type) {
    case 'object':
      // A default of {} only says that the group may be left out; what is inside has defaults of its own.
      return { type: 'group', help: common.help, fields: fieldsOf(schema) };
    case 'array':
      return { ...listOf(schema), ...common };
    case 'boolean':
      return { ...common, type: 'switch' };
    case 'integer':
    case 'number':
      return { ...numberOf(schema), ...common };
    default:
      return { ...common, type: 'text' };
  }
}

function fieldsOf(schema: JsonSchema): FormField[] {
  return Object.entries(schema.properties ?? {}).map(([key, property]) => {
    const unit = fieldUnit(key);
    const optional = schema.required?.includes(key) !== true;
    const node = nodeOf(property);
    const absent = optional && property.default === undefined && node.type === 'group';
    return {
      key,
      label: fieldLabel(key),
      ...(unit === undefined ? {} : { unit }),
      optional,
      node: absent ? { ...node, absent } : node,
    };
  });
}

function listOf(schema: JsonSchema): FormNode {
  if (schema.prefixItems !== undefined) return { type: 'tuple', help: '', items: schema.prefixItems.map(nodeOf) };
  const item = nodeOf(schema.items === undefined || schema.items === false ? {} : schema.items);
  const least = schema.minItems ?? 0;
  if (item.type === 'choice') return { type: 'choices', help: '', options: item.options, least };
  return { type: 'list', help: '', item, least, most: schema.maxItems ?? Infinity };
}

function numberOf(schema: JsonSchema): FormNode {
  const integer = schema.type === 'integer';
  const min = schema.minimum ?? schema.exclusiveMinimum;
  const max = schema.maximum ?? schema.exclusiveMaximum;
  const bounded = max !== undefined && max < Number.MAX_SAFE_INTEGER;
  return {
    type: 'number',
    help: '',
    integer,
    // Whole numbers above 0 start at 1.
    ...(min === undefined ? {} : { min: integer && schema.exclusiveMinimum !== undefined ? min + 1 : min }),
    ...(bounded ? { max } : {}),
    above: !integer && schema.exclusiveMinimum !== undefined,
    step: integer ? 1 : bounded && max <= 1 ? 0.01 : 0.1,
  };
}

function alternativeOf(schema: JsonSchema): Alternative {
  const node = nodeOf(schema);
  return { node, label: labelOf(node) };
}

/** What tells an alternative apart: its constant, the constant inside it, or else the first field that it must have. */
function labelOf(node: FormNode): string {
  switch (node.type) {
    case 'constant':
      return choiceLabel(String(node.value));
    case 'group':
      return groupLabel(node);
    case 'choice':
      return 'Activation';
    case 'number':
      return 'One for all';
    case 'list':
    case 'tuple':
      return 'One for each';
    default:
      return choiceLabel(node.type);
  }
}

function groupLabel(node: GroupNode): string {
  const mark = markOf(node);
  return mark === undefined ? 'Settings' : choiceLabel(mark.constant ?? mark.key);
}

/** The field that only this member of a union has, or the constant that it has there. */
export function markOf(node: GroupNode): { readonly key: string; readonly constant?: string } | undefined {
  for (const { key, node: field } of node.fields) {
    if (field.type === 'constant') return { key, constant: String(field.value) };
  }
  const first = node.fields.find(({ optional }) => !optional);
  return first === undefined ? undefined : { key: first.key };
}
