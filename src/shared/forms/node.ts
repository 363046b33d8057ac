/** What a form shows of a schema: a tree of groups, choices and values, with everything that the schema says about each. */
export type FormNode =
  | GroupNode
  | NumberNode
  | TextNode
  | SwitchNode
  | ConstantNode
  | ChoiceNode
  | ChoicesNode
  | UnionNode
  | ListNode
  | TupleNode;

interface Common {
  /** From the schema's own description; empty where it has none. */
  readonly help: string;
  /** What the schema fills in where the field is left out; absent where it fills in nothing. */
  readonly fallback?: unknown;
}

/** An object with its fields in the order of the schema. */
export interface GroupNode extends Common {
  readonly type: 'group';
  readonly fields: readonly FormField[];
  /** It may be left out as a whole, and nothing is filled in then. */
  readonly absent?: true;
}

export interface FormField {
  readonly key: string;
  readonly label: string;
  /** "nats" */
  readonly unit?: string;
  /** May be left out, whether or not something is filled in then. */
  readonly optional: boolean;
  readonly node: FormNode;
}

export interface NumberNode extends Common {
  readonly type: 'number';
  readonly integer: boolean;
  readonly min?: number;
  readonly max?: number;
  /** The smallest value is itself not allowed. */
  readonly above: boolean;
  /** What an arrow key adds. */
  readonly step: number;
}

export interface TextNode extends Common {
  readonly type: 'text';
}

export interface SwitchNode extends Common {
  readonly type: 'switch';
}

/** A value that cannot be anything else, such as the "type" that tells the members of a union apart. */
export interface ConstantNode extends Common {
  readonly type: 'constant';
  readonly value: string | number | boolean | null;
}

export interface ChoiceNode extends Common {
  readonly type: 'choice';
  readonly options: readonly string[];
}

/** Any of a few, in a list. */
export interface ChoicesNode extends Common {
  readonly type: 'choices';
  readonly options: readonly string[];
  readonly least: number;
}

/** One of several forms. */
export interface UnionNode extends Common {
  readonly type: 'union';
  readonly alternatives: readonly Alternative[];
}

export interface Alternative {
  readonly label: string;
  readonly node: FormNode;
}

export interface ListNode extends Common {
  readonly type: 'list';
  readonly item: FormNode;
  readonly least: number;
  readonly most: number;
}

export interface TupleNode extends Common {
  readonly type: 'tuple';
  readonly items: readonly FormNode[];
}
