import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import {
  addresses,
  choice,
  day,
  integer,
  jsonFile,
  key,
  path,
  port,
  readConfig,
  secret,
  text,
  timeZone,
  url,
} from './config.js';

const problemsOf = (settings: Parameters<typeof readConfig>[0], environment: Record<string, string>): string[] => {
  try {
    readConfig(settings, environment);
    return [];
  } catch (error) {
    return (error as Error).message.split('\n');
  }
};

describe('the configuration', () => {
  it('is read from the environment, with what holds where nothing is set', () => {
    const settings = {
      PORT: port({ fallback: 3000 }),
      ISSUER: url(['https:', 'http:']),
      MODE: choice(['dev', 'prod'], { fallback: 'dev' }),
      BATCH: integer(1, 500),
    };
    expect(readConfig(settings, { ISSUER: 'https://id.example', MODE: 'prod', BATCH: '500' })).toEqual({
      PORT: 3000,
      ISSUER: 'https://id.example',
      MODE: 'prod',
      BATCH: 500,
    });
  });

  it('reads lists of addresses, time zones and keys, and refuses what is none', () => {
    const settings = { BROKERS: addresses(), ZONE: timeZone(), PAIR: key(4) };
    const environment = { BROKERS: 'kafka-0:9092, [::1]:9093', ZONE: 'Europe/Dublin', PAIR: 'AAECAw' };
    expect(readConfig(settings, environment)).toEqual({
      BROKERS: ['kafka-0:9092', '[::1]:9093'],
      ZONE: 'Europe/Dublin',
      PAIR: Buffer.from([0, 1, 2, 3]),
    });
    for (const BROKERS of ['kafka', 'kafka:0', 'kafka:70000', 'a:1,', '127.0.0.1:abc'])
      expect(problemsOf(settings, { ...environment, BROKERS })).toEqual([
        'BROKERS must be host:port, several separated by commas.',
      ]);
    expect(problemsOf(settings, { ...environment, ZONE: 'Mars/Olympus', PAIR: 'AA' })).toEqual([
      'ZONE must be an IANA time zone, for example Europe/Berlin.',
      'PAIR must be 4 bytes in base64url.',
    ]);
  });

  it('reads files that are there and are what they must be', () => {
    const folder = mkdtempSync(join(tmpdir(), 'liaison-config-'));
    const settings = {
      FOLDER: path(),
      LIST: jsonFile('a list', (json) => (Array.isArray(json) ? json.length : undefined), { fallback: 0 }),
    };
    const [file, other] = [join(folder, 'list.json'), join(folder, 'other.json')];
    writeFileSync(file, '[1, 2]');
    writeFileSync(other, '{');
    expect(readConfig(settings, { FOLDER: folder, LIST: file })).toEqual({ FOLDER: folder, LIST: 2 });
    expect(readConfig(settings, { FOLDER: folder })).toEqual({ FOLDER: folder, LIST: 0 });
    for (const LIST of [other, folder, join(folder, 'none.json')])
      expect(problemsOf(settings, { FOLDER: join(folder, 'none'), LIST })).toEqual([
        'FOLDER must be the path of something that is there.',
        'LIST must be the path of a JSON file: a list.',
      ]);
  });

  it('tells everything that is wrong with it at once, one sentence each, and no value', () => {
    const settings = {
      PORT: port(),
      ISSUER: url(['https:']),
      MODE: choice(['dev', 'prod']),
      BATCH: integer(1, 500),
      UNTIL: day(),
      NAME: text(),
      KEY: secret(),
    };
    const environment = {
      PORT: '70000',
      ISSUER: 'http://sesame',
      MODE: 'sesame',
      BATCH: '1.5',
      UNTIL: '2018-02-30',
      NAME: '',
    };
    expect(problemsOf(settings, environment)).toEqual([
      'PORT must be a whole number from 1 to 65535.',
      'ISSUER must be a URL that begins with https://.',
      'MODE must be one of dev, prod.',
      'BATCH must be a whole number from 1 to 500.',
      'UNTIL must be a day, YYYY-MM-DD.',
      'NAME is required.',
      'KEY is required (or KEY_FILE).',
    ]);
  });

  it('takes a secret from a file, without the line end an editor adds', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'liaison-config-')), 'key');
    writeFileSync(file, 'open sesame\n');
    expect(readConfig({ KEY: secret() }, { KEY_FILE: file })).toEqual({ KEY: 'open sesame' });
    expect(problemsOf({ KEY: secret() }, { KEY_FILE: file, KEY: 'x' })).toEqual([
      'KEY and KEY_FILE are both set: give one of them.',
    ]);
    expect(problemsOf({ KEY: secret() }, { KEY_FILE: '/nowhere/key' })).toEqual([
      'KEY_FILE names a file that cannot be read: /nowhere/key.',
    ]);
  });

  it('reads a file for secrets alone', () => {
    expect(problemsOf({ NAME: text() }, { NAME_FILE: '/nowhere/name' })).toEqual(['NAME is required.']);
  });
});
