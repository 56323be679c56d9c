import { v7 } from 'uuid';
import type { Id } from '#libs/kernel/index.js';

/** A new identity (UUIDv7: index-friendly, ordered by wall time). Domain code takes identities as arguments. */
export const newId = <Kind extends string>(): Id<Kind> => v7() as Id<Kind>;
