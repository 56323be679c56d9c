import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { HubError } from '#libs/kernel/index.js';
import type { NewEvent } from './event-log.js';

/** The JSON Schema of each published event type, compiled once. Producers validate closed: an unknown member is an error. */
export class EventSchemas {
  private readonly validators = new Map<string, ValidateFunction>();

  /** @param folder `schemas/events`: one file a type, named after it. */
  constructor(folder: string) {
    const ajv = new Ajv2020({ allErrors: false, strict: true });
    addFormats.default(ajv);
    for (const name of readdirSync(folder).filter((file) => file.endsWith('.json'))) {
      const schema = JSON.parse(readFileSync(join(folder, name), 'utf8')) as object;
      this.validators.set(name.slice(0, -'.json'.length), ajv.compile(schema));
    }
  }

  get types(): readonly string[] {
    return [...this.validators.keys()];
  }

  /** Throws `event.schema`, naming the type, the place and the rule. */
  check(event: NewEvent): void {
    const validate = this.validators.get(event.type);
    if (validate === undefined)
      throw new HubError('event.schema', `There is no schema of ${event.type}.`, { facts: { type: event.type } });
    if (validate(event.data)) return;
    const first = validate.errors?.[0];
    throw new HubError('event.schema', `${event.type}${first?.instancePath ?? ''}: ${first?.message ?? 'invalid'}.`, {
      facts: { type: event.type, at: first?.instancePath ?? '' },
    });
  }
}
