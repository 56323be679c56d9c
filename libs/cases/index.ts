/** The person, the case team, the plan, and the shared-case page. Others read it through `contract/`. */
export { CasesApi, CasesCore, CasesReactions } from './cases.module.js';
export { rebuildAllSharedCases } from './inbound/rebuild-shared-cases.js';
export { PostgresPersonStore, PostgresReceivedStore } from './outbound/person.store.js';
