/** What happened in the world, its evidence and verification. */
export { OutcomesApi, OutcomesCore, OutcomesReactions } from './outcomes.module.js';
export type { RegisterAddress } from './outbound/register.client.js';
