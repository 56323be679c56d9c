/** PostgreSQL: the one way to open a transaction and what stores use inside it. */
export { canonicalJson } from './canonical-json.js';
export { createDataSource, prepareRoles, APP_LOGIN } from './data-source.js';
export { newId } from './new-id.js';
export { entities, nowOf, principalOf, sql, whenUndone, type Tx } from './transaction.js';
export { UnitOfWork, type Command } from './unit-of-work.js';
