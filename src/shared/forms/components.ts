import { formatList } from '../format';
import { estimatorLabel } from '../labels';
import { criticNeeds, type CriticSpec, type Estimator, type ProposalSpec } from '../runFile';
import type { Draft } from './newRun';
import { withoutValue, withValue, type Steps } from './path';
import { isRecord } from './values';

export type ComponentList = 'proposals' | 'critics';

export { criticNeeds };

/** The entries of a list of proposals or critics, whatever they are. */
export function componentsIn(draft: Draft, list: ComponentList): readonly Readonly<Record<string, unknown>>[] {
  const value = draft[list];
  return Array.isArray(value) ? value.map((entry: unknown) => (isRecord(entry) ? entry : {})) : [];
}

/** The names that proposals or critics have so far. */
export function namesIn(draft: Draft, list: ComponentList): string[] {
  return componentsIn(draft, list).flatMap(({ name }) => (typeof name === 'string' && name !== '' ? [name] : []));
}

/** A name that is free: "q", else "q2", "q3". */
function freeName(draft: Draft, wanted: string): string {
  const taken = new Set([...namesIn(draft, 'proposals'), ...namesIn(draft, 'critics')]);
  if (!taken.has(wanted)) return wanted;
  for (let count = 2; ; count += 1) if (!taken.has(`${wanted}${count}`)) return `${wanted}${count}`;
}

/** With another proposal at the end, of any type; a network is trained for what most estimators want of it. */
export function withProposal(draft: Draft, type: ProposalSpec['type'] = 'network'): Draft {
  const name = freeName(draft, 'q');
  const proposal = type === 'saved' ? { type, name, file: '' } : { type, name };
  const next = { ...draft, proposals: [...componentsIn(draft, 'proposals'), proposal] };
  // Trained before critics, and written before them.
  const { critics, ...others } = next as Draft;
  return critics === undefined ? next : { ...others, critics };
}

/** With another critic at the end. */
export function withCritic(
  draft: Draft,
  { type = 'network', objective, base }: { type?: CriticSpec['type']; objective?: string; base?: string } = {},
): Draft {
  const critic = {
    type,
    name: freeName(draft, 't'),
    ...(type === 'saved' || objective === undefined ? {} : { objective }),
    ...(base === undefined || base === 'prior' ? {} : { base }),
    ...(type === 'saved' ? { file: '' } : {}),
  };
  return { ...draft, critics: [...componentsIn(draft, 'critics'), critic] };
}

/** With a component called something else, wherever it is named. */
export function withName(draft: Draft, list: ComponentList, index: number, name: string): Draft {
  const before = componentsIn(draft, list)[index]?.['name'];
  const next = withValue(draft, [list, index, 'name'], name) as Draft;
  // Two of one name are a mistake that is being mended: what meant the other still does.
  const shared = namesIn(draft, list).filter((each) => each === before).length > 1;
  if (list === 'critics' || typeof before !== 'string' || before === '' || shared) return next;
  return usesOf(next, before).reduce<Draft>((each, steps) => withValue(each, steps, name) as Draft, next);
}

/** Without a component. Critics of a proposal then correct the prior, and nothing is drawn from it any more. */
export function withoutComponent(draft: Draft, list: ComponentList, index: number): Draft {
  const name = componentsIn(draft, list)[index]?.['name'];
  const rest = withoutValue(draft, [list, index]) as Draft;
  const next = componentsIn(rest, list).length === 0 ? (withoutValue(rest, [list]) as Draft) : rest;
  if (list === 'critics' || typeof name !== 'string' || namesIn(next, list).includes(name)) return next;
  const bases = (steps: Steps, each: Draft): Draft => {
    const kept = basesIn(valueIn(each, steps)).filter((base) => nameOf(base) !== name);
    return withBases(each, steps, kept);
  };
  const drawn = baseFields.reduce<Draft>((each, steps) => bases(steps, each), next);
  return componentsIn(drawn, 'critics').reduce<Draft>(
    (each, critic, place) =>
      critic['base'] === name ? (withoutValue(each, ['critics', place, 'base']) as Draft) : each,
    drawn,
  );
}

/** Where distributions to start from or to draw from stand. */
const baseFields: readonly Steps[] = [
  ['ais', 'initial'],
  ['iwae', 'proposal'],
];

/** One distribution or several, as a list; the prior where nothing is said. */
export function basesIn(value: unknown): readonly unknown[] {
  return value === undefined ? ['prior'] : Array.isArray(value) ? (value as unknown[]) : [value];
}

/** With a list of distributions: one alone stands without a list, and the prior alone is left out. */
export function withBases(draft: Draft, steps: Steps, bases: readonly unknown[]): Draft {
  const [first, ...others] = bases;
  if (first === undefined || (others.length === 0 && first === 'prior')) {
    const [group = ''] = steps;
    const next = withoutValue(draft, steps) as Draft;
    const left = next[String(group)];
    return isRecord(left) && Object.keys(left).length === 0 ? (withoutValue(next, [group]) as Draft) : next;
  }
  return withValue(draft, steps, others.length === 0 ? first : bases) as Draft;
}

/** The proposal that a distribution is; undefined for the prior and a Gaussian. */
export function nameOf(base: unknown): string | undefined {
  return isRecord(base) && base['type'] === 'proposal' && typeof base['name'] === 'string' ? base['name'] : undefined;
}

function usesOf(draft: Draft, name: string): Steps[] {
  const drawn = baseFields.flatMap((steps): Steps[] => {
    const value = valueIn(draft, steps);
    if (Array.isArray(value)) {
      return value.flatMap((base: unknown, index) => (nameOf(base) === name ? [[...steps, index, 'name']] : []));
    }
    return nameOf(value) === name ? [[...steps, 'name']] : [];
  });
  const corrected = componentsIn(draft, 'critics').flatMap(({ base }, index): Steps[] =>
    base === name ? [['critics', index, 'base']] : [],
  );
  return [...drawn, ...corrected];
}

function valueIn(draft: Draft, [group = '', key = '']: Steps): unknown {
  const inside = draft[String(group)];
  return isRecord(inside) ? inside[String(key)] : undefined;
}

/** Something that chosen estimators need and the draft has not, and how to have it. */
export interface Missing {
  /** "InfoNCE and MINE-DV need a critic on the prior." */
  readonly text: string;
  /** "Add a critic" */
  readonly offer: string;
  /** Whether nothing can be computed without it. */
  readonly needed: boolean;
  readonly add: (draft: Draft) => Draft;
}

/** What to add for the chosen estimators, the needed first. */
export function missingFor(draft: Draft): Missing[] {
  const chosen = Array.isArray(draft['estimators']) ? (draft['estimators'] as Estimator[]) : [];
  const bases = componentsIn(draft, 'critics').map(({ base }) => (typeof base === 'string' ? base : 'prior'));
  const [proposal] = namesIn(draft, 'proposals');
  const of = (need: 'prior' | 'proposal' | 'any'): Estimator[] => chosen.filter((name) => criticNeeds[name] === need);
  const names = (estimators: readonly Estimator[]): string =>
    `${formatList(estimators.map(estimatorLabel))} ${estimators.length === 1 ? 'needs' : 'need'}`;
  const missing: Missing[] = [];
  const onPrior = of('prior');
  if (onPrior.length > 0 && !bases.includes('prior')) {
    const objective = onPrior.includes('infonce') ? 'infonce' : (onPrior[0] ?? 'infonce');
    missing.push({
      text: `${names(onPrior)} a critic that corrects the prior.`,
      offer: 'Add one',
      needed: true,
      add: (each) => withCritic(each, { objective }),
    });
  }
  const onProposal = of('proposal');
  if (onProposal.length > 0 && bases.every((base) => base === 'prior')) {
    const objective = onProposal.includes('giwae') ? 'giwae' : (onProposal[0] ?? 'giwae').replace(/^g/, '');
    missing.push({
      text: `${names(onProposal)} a critic that corrects a proposal.`,
      offer: proposal === undefined ? 'Add both' : `Add one on ${proposal}`,
      needed: true,
      add: (each) => {
        const ready = namesIn(each, 'proposals').length === 0 ? withProposal(each) : each;
        return withCritic(ready, { objective, base: namesIn(ready, 'proposals')[0] ?? 'prior' });
      },
    });
  }
  const any = of('any');
  if (any.length > 0 && bases.length === 0 && missing.length === 0) {
    missing.push({
      text: `${names(any)} a critic, best one trained as MINE-AIS.`,
      offer: 'Add one',
      needed: true,
      add: (each) => withCritic(each, { objective: 'mine-ais', base: namesIn(each, 'proposals')[0] ?? 'prior' }),
    });
  }
  if (chosen.includes('ba') && proposal === undefined && missing.length === 0) {
    missing.push({
      text: 'Barber–Agakov with the prior is 0 from below: a learned proposal makes it say something.',
      offer: 'Add one',
      needed: false,
      add: (each) => withProposal(each),
    });
  }
  return missing;
}
