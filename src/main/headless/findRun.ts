import { InputError } from '../../shared/errors';
import { findRunIds, type Store } from '../store';

/**
 * The run that an id or the beginning of one means.
 * @throws InputError when there is none or more than one
 */
export function findRun(store: Store, given: string): string {
  const ids = /^[0-9a-f-]{1,36}$/i.test(given) ? findRunIds(store, given) : [];
  const [only] = ids;
  if (only !== undefined && ids.length === 1) return only;
  if (only === undefined) throw new InputError(given, 'there is no such run', 'See "bracket runs" for their ids.');
  throw new InputError(given, 'several runs begin like this', 'Give more characters of the id.');
}
