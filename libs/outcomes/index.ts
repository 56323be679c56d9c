/** What happened in the world, its evidence and verification. */
export { OutcomesApi, OutcomesCore, OutcomesReactions } from './outcomes.module.js';
export type { RegisterUrls } from './outbound/register.client.js';
