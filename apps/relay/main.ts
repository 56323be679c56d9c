import { runProcess } from '../process.js';

/** Committed events → Kafka; one active, one waiting. */
runProcess({ name: 'relay', relays: true, settings: {}, modules: () => [] });
