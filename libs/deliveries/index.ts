/** What is new, for partners: the change feed. */
export { DeliveriesApi, DeliveriesReactions } from './deliveries.module.js';
