/** Advisory locks of the whole database, in one list: two purposes with one number would wait for each other for ever. */
export const LOCKS = { roles: 7_305_411, sequencer: 7_305_420, days: 7_305_421, relay: 7_305_423 } as const;

/** Seed of the locks on a consumer group's partition, whose keys are texts. */
export const PARTITION_LOCK_SEED = 7_305_422;
