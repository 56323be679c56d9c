import { existsSync, readFileSync } from 'node:fs';
import { localDate, type LocalDate } from '#libs/kernel/index.js';

/** One setting: how its text becomes a value. `parse` throws an `Error` whose message ends "NAME must be …". */
export interface Setting<Value> {
  readonly parse: (text: string) => Value;
  /** What holds where nothing is set; without it the setting is required. */
  readonly fallback?: Value;
  /** May also be given as NAME_FILE, the path of a file that holds it. */
  readonly secret?: boolean;
}

type Settings = Readonly<Record<string, Setting<unknown>>>;
export type Configured<Of extends Settings> = {
  readonly [Name in keyof Of]: Of[Name] extends Setting<infer Value> ? Value : never;
};

/** Everything that is wrong with the configuration, one sentence a line: for the person who started the process. */
export class ConfigurationProblem extends Error {
  constructor(readonly problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'ConfigurationProblem';
  }
}

/**
 * Reads the settings, each named as its environment variable is. All problems are told at once; a value never appears in one of
 * them, because it may be a secret. Error: `ConfigurationProblem`.
 */
export function readConfig<Of extends Settings>(
  settings: Of,
  environment: Readonly<Record<string, string | undefined>>,
): Configured<Of> {
  const problems: string[] = [];
  const values = Object.entries(settings).map(([name, setting]) => {
    try {
      return [name, valueOf(name, setting, environment)] as const;
    } catch (error) {
      problems.push(error instanceof Error ? error.message : `${name} cannot be read.`);
      return [name, undefined] as const;
    }
  });
  if (problems.length > 0) throw new ConfigurationProblem(problems);
  return Object.fromEntries(values) as Configured<Of>;
}

/** As `readConfig`, for the start of a process: what is wrong is told on standard error, and the process ends with 1. */
export function readConfigOrExit<Of extends Settings>(
  settings: Of,
  environment: Readonly<Record<string, string | undefined>>,
): Configured<Of> {
  try {
    return readConfig(settings, environment);
  } catch (error) {
    if (!(error instanceof ConfigurationProblem)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}

function valueOf<Value>(
  name: string,
  setting: Setting<Value>,
  environment: Readonly<Record<string, string | undefined>>,
): Value | undefined {
  const text = textOf(name, setting, environment);
  if (text !== undefined) {
    try {
      return setting.parse(text);
    } catch (error) {
      throw new Error(`${name} must be ${error instanceof Error ? error.message : 'something else'}.`, {
        cause: error,
      });
    }
  }
  if (!('fallback' in setting)) throw new Error(`${name} is required${setting.secret ? ` (or ${name}_FILE)` : ''}.`);
  return setting.fallback;
}

function textOf<Value>(
  name: string,
  setting: Setting<Value>,
  environment: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const given = environment[name];
  const file = setting.secret === true ? environment[`${name}_FILE`] : undefined;
  if (file === undefined || file === '') return given === '' ? undefined : given;
  if (given !== undefined && given !== '') throw new Error(`${name} and ${name}_FILE are both set: give one of them.`);
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    throw new Error(`${name}_FILE names a file that cannot be read: ${file}.`);
  }
}

interface Given<Value> {
  readonly fallback?: Value;
  readonly secret?: boolean;
}

/** A setting of whatever `read` makes of its text; undefined: it is not what it must be. */
const setting = <Value>(
  must: string,
  read: (text: string) => Value | undefined,
  given: Given<Value>,
): Setting<Value> => ({
  ...given,
  parse: (text) => {
    const value = read(text);
    if (value === undefined) throw new Error(must);
    return value;
  },
});

/** Text that is not empty. */
export const text = (given: Given<string> = {}): Setting<string> =>
  setting('text', (value) => (value.trim() === '' ? undefined : value), given);

/** The path of a file or folder that is there. */
export const path = (given: Given<string> = {}): Setting<string> =>
  setting('the path of something that is there', (value) => (existsSync(value) ? value : undefined), given);

/** The path of a JSON file, `must` says of what; `read` makes a value of it, undefined where it is something else. */
export const jsonFile = <Value>(
  must: string,
  read: (json: unknown) => Value | undefined,
  given: Given<Value> = {},
): Setting<Value> =>
  setting(
    `the path of a JSON file: ${must}`,
    (value) => {
      try {
        return read(JSON.parse(readFileSync(value, 'utf8')));
      } catch {
        return undefined;
      }
    },
    given,
  );

/** A secret: from a file by preference, so that it stands in no list of processes. */
export const secret = (): Setting<string> => text({ secret: true });

/** A whole number from `min` to `max`. */
export const integer = (min: number, max: number, given: Given<number> = {}): Setting<number> =>
  setting(
    `a whole number from ${min} to ${max}`,
    (value) => (/^-?\d{1,15}$/.test(value) && Number(value) >= min && Number(value) <= max ? Number(value) : undefined),
    given,
  );

/** A TCP port. */
export const port = (given: Given<number> = {}): Setting<number> => integer(1, 65_535, given);

/** A calendar day, YYYY-MM-DD. */
export const day = (given: Given<LocalDate> = {}): Setting<LocalDate> =>
  setting(
    'a day, YYYY-MM-DD',
    (value) => {
      try {
        return localDate(value);
      } catch {
        return undefined;
      }
    },
    given,
  );

/** `host:port`, several separated by commas. */
export const addresses = (): Setting<readonly string[]> =>
  setting(
    'host:port, several separated by commas',
    (value) => {
      const all = value.split(',').map((each) => each.trim());
      return all.every((each) => /^[^\s:,]+:\d{1,5}$|^\[[\da-f:]+\]:\d{1,5}$/i.test(each) && isPort(each))
        ? all
        : undefined;
    },
    {},
  );

const isPort = (address: string): boolean => {
  const number = Number(address.slice(address.lastIndexOf(':') + 1));
  return number >= 1 && number <= 65_535;
};

/** An IANA time zone. */
export const timeZone = (given: Given<string> = {}): Setting<string> =>
  setting('an IANA time zone, for example Europe/Berlin', (value) => (isTimeZone(value) ? value : undefined), given);

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** A secret key of so many bytes, base64url. */
export const key = (bytes: number): Setting<Buffer> =>
  setting(
    `${bytes} bytes in base64url`,
    (value) => {
      const read = Buffer.from(value, 'base64url');
      return read.length === bytes ? read : undefined;
    },
    { secret: true },
  );

/** An address with one of these schemes, for example `url(['https:'])`. */
export const url = (schemes: readonly string[], given: Given<string> = {}): Setting<string> =>
  setting(
    `a URL that begins with ${schemes.map((scheme) => `${scheme}//`).join(' or ')}`,
    (value) => (schemes.includes(URL.parse(value)?.protocol ?? '') ? value : undefined),
    given,
  );

/** One of a few words. */
export const choice = <Word extends string>(words: readonly Word[], given: Given<Word> = {}): Setting<Word> =>
  setting(`one of ${words.join(', ')}`, (value) => words.find((word) => word === value), given);
