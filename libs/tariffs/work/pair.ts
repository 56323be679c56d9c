import { HubError } from '#libs/kernel/index.js';
import type { Case } from '../case.js';
import type { Tariff } from '../compile/tariff.js';
import { price, type Fee } from '../price.js';

/** What is to be known of two documents before anybody reads how they differ. */
export function pairNotes(before: Tariff, after: Tariff): readonly string[] {
  if (before.id !== after.id) return [`${before.id} and ${after.id} are two tariffs, not two versions of one.`];
  return before.version === after.version ? [`Both are version ${before.version} of ${before.id}.`] : [];
}

/** What to call each of the two, so that nobody takes one for the other. */
export function pairNames(before: Tariff, after: Tariff): readonly [string, string] {
  if (before.version !== after.version) return [before.version, after.version];
  if (before.id !== after.id) return [`${before.id}@${before.version}`, `${after.id}@${after.version}`];
  return [`${before.version} (before)`, `${after.version} (after)`];
}

/** What a version answers for a case; where it refuses the case, why. */
export function attempt(
  tariff: Tariff,
  read: () => Case,
): { readonly given: Case; readonly fees: readonly Fee[] } | string {
  try {
    const given = read();
    return { given, fees: price(tariff, given.locked, given.facts, given.asOf) };
  } catch (error) {
    if (error instanceof HubError) return error.message;
    throw error;
  }
}
