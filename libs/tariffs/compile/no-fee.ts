import { HubError } from '#libs/kernel/index.js';
import { similarTo } from '../language/similar.js';

/** That a name is not that of a fee, with the nearest that is. */
export function noFee(name: string, fees: readonly string[], field: string): HubError {
  const near = similarTo(name, fees).map((each) => `"${each}"`);
  const meant = near.length === 0 ? '' : ` Is ${near.join(' or ')} meant?`;
  return new HubError('tariff.name', `"${name}" is not a fee.${meant}`, { field });
}
