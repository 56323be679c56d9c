/** The person, the case team, the plan, and the shared-case page. Others read it through `contract/`. */
export { CasesApi, CasesCore, CasesReactions } from './cases.module.js';
export { CaseServices } from './handlers/services.js';
export { rebuildSharedCases } from './handlers/update-shared-case.handler.js';
