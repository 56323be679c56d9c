// Writes every file that is generated from `schemas/`. A house test runs the same generators and fails on a difference.
import { writeEvents } from './generate-events.mjs';
import { writeGraphql } from './generate-graphql.mjs';

await writeEvents();
await writeGraphql();
