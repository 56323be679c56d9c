// Writes every file that is generated from `schemas/`. A house test runs the same generators and fails on a difference.
import { writeEvents } from './generate-events.mjs';

await writeEvents();
