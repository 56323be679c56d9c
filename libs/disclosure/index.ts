/** Who may see whom, and who looked. Called directly, in the caller's transaction. */
export { Disclosure, type Look, type PairwiseId, type Seen, type SubjectId } from './disclosure.js';
export { PURPOSES, PURPOSE_RULES, type Category, type Purpose, type Relationship } from './domain/purposes.js';
export { DisclosureApi, DisclosureCore } from './disclosure.module.js';
