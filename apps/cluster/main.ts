import { runLocally } from '../local/run.js';
import { startCluster } from './cluster.js';
import { CLUSTER_SETTINGS } from './settings.js';

/** The same hub as many processes on Kafka, on this machine. */
runLocally({ folder: 'cluster', forgets: ['kafka', 'logs'], settings: CLUSTER_SETTINGS, start: startCluster });
