import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { createPublicKey } from 'node:crypto';
import { parse, parseAllDocuments } from 'yaml';
import { ROLES } from '#libs/platform/auth/principal.js';
import { projectFiles, root, textOf } from './files.js';

const PROCESSES = ['api', 'relay', 'referrals', 'vacancies', 'outcomes', 'migrate'];
/** Where an image says its version: digits with dots, so that two builds begin with the same. */
const PINNED = /:\d+(?:\.\d+)+[\w.-]*$/;
const HELM_VERSION = 'v3.19.0';

/** The settings of each process, as docs/configuration.md tells them. */
const told: ReadonlyMap<string, ReadonlySet<string>> = (() => {
  const rows = [...textOf('docs/configuration.md').matchAll(/^\| `([A-Z_]+)`[^|]*\|[^|]*\| ([a-z, ]+?) *\|/gm)];
  const of = (words: string): readonly string[] =>
    words.startsWith('all but ')
      ? PROCESSES.filter((name) => !words.slice('all but '.length).split(', ').includes(name))
      : words.split(', ');
  return new Map(
    PROCESSES.map((process) => [
      process,
      new Set(rows.filter(([, , words = '']) => of(words).includes(process)).map(([, name = '']) => name)),
    ]),
  );
})();

/** Names among these that the process cannot be told. */
const unknownTo = (process: string, names: readonly string[]): string[] =>
  names.filter((name) => told.get(process)?.has(name.replace(/_FILE$/, '')) !== true);

describe('docs/configuration.md', () => {
  it('says of each process what it reads by itself', () => {
    for (const process of PROCESSES) {
      const own = [...textOf(`apps/${process}/main.ts`).matchAll(/\b((?:LIAISON|KAFKA)_[A-Z_]+): (?:\{|[a-z]+\()/g)];
      expect(
        unknownTo(
          process,
          own.map(([, name = '']) => name),
        ),
      ).toEqual([]);
      // A secret is with those alone that read it.
      expect(told.get(process)?.has('LIAISON_PAIRWISE_KEY')).toBe(
        own.some(([, name]) => name === 'LIAISON_PAIRWISE_KEY'),
      );
    }
  });
});

interface Service {
  readonly image: string;
  readonly build?: { readonly context: string; readonly dockerfile: string };
  readonly command?: readonly unknown[];
  readonly entrypoint?: readonly unknown[];
  readonly environment?: Readonly<Record<string, unknown>>;
  readonly healthcheck?: { readonly test?: readonly unknown[] };
  readonly depends_on?: Readonly<Record<string, unknown>>;
  readonly secrets?: readonly string[];
  readonly volumes?: readonly string[];
  readonly networks?: Readonly<Record<string, { readonly aliases: readonly string[] }>>;
}

describe('deploy/compose.yaml', () => {
  const compose = parse(textOf('deploy/compose.yaml'), { merge: true }) as {
    readonly services: Readonly<Record<string, Service>>;
    readonly secrets: Readonly<Record<string, { readonly file: string }>>;
    readonly volumes: Readonly<Record<string, unknown>>;
  };
  const services = Object.entries(compose.services);
  const folder = mkdtempSync(join(tmpdir(), 'liaison-secrets-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(services)('%s: commands, checks and environment are texts', (_name, service) => {
    const { command = [], entrypoint = [], healthcheck, environment = {} } = service;
    const values = [...command, ...entrypoint, ...(healthcheck?.test ?? []), ...Object.values(environment)];
    expect(values.filter((value) => typeof value !== 'string')).toEqual([]);
  });

  it.each(services)('%s: what it refers to is there', (_name, service) => {
    const { depends_on: before = {}, secrets = [], volumes = [], environment = {}, command = [], build } = service;
    expect(Object.keys(before).filter((name) => !(name in compose.services))).toEqual([]);
    expect(secrets.filter((name) => !(name in compose.secrets))).toEqual([]);
    const mounted = Object.values(environment).flatMap(
      (value) => /^\/run\/secrets\/(.+)$/.exec(String(value))?.[1] ?? [],
    );
    expect(mounted.filter((name) => !secrets.includes(name))).toEqual([]);
    for (const from of volumes.map((volume) => volume.split(':')[0] ?? '')) {
      if (!from.startsWith('./')) expect(Object.keys(compose.volumes)).toContain(from);
      else if (!from.startsWith('./secrets/')) expect(existsSync(join(root, 'deploy', from))).toBe(true);
    }
    if (build === undefined) expect(service.image).toMatch(/:\d+(?:\.\d+)+$/);
    else expect(existsSync(join(root, 'deploy', build.context, build.dockerfile))).toBe(true);
    for (const script of command.filter((word) => String(word).endsWith('main.js')))
      expect(
        existsSync(
          join(
            root,
            String(script)
              .replace(/^dist\//, '')
              .replace(/\.js$/, '.ts'),
          ),
        ),
      ).toBe(true);
  });

  it.each(PROCESSES)('%s is told nothing that it does not know, and every secret that it has', (process) => {
    const { environment = {}, secrets = [] } = compose.services[process]!;
    expect(unknownTo(process, Object.keys(environment))).toEqual([]);
    const used = Object.values(environment).map((value) => String(value).replace('/run/secrets/', ''));
    expect(secrets.filter((name) => !used.includes(name))).toEqual([]);
  });

  it('has every secret made by deploy/secrets.mjs, once, for whoever it is mounted for', () => {
    const make = (): void => {
      const made = spawnSync(process.execPath, [join(root, 'deploy/secrets.mjs'), folder], { encoding: 'utf8' });
      expect(made.stderr).toBe('');
    };
    make();
    const names = Object.values(compose.secrets).map(({ file }) => file.replace('secrets/', ''));
    const before = names.map((name) => readFileSync(join(folder, name), 'utf8'));
    expect(names.map((name) => statSync(join(folder, name)).mode & 0o777)).toEqual(names.map(() => 0o444));
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    make();
    expect(names.map((name) => readFileSync(join(folder, name), 'utf8'))).toEqual(before);
  });

  it('has one issuer for the browser and for the containers, and a client and people that the hub knows', () => {
    const { keycloak, api } = compose.services;
    const hostname = String(keycloak?.environment?.['KC_HOSTNAME']);
    const issuer = `${hostname}/realms/liaison`;
    expect(api?.environment?.['LIAISON_ISSUER']).toBe(issuer);
    expect(keycloak?.networks?.['default']?.aliases).toContain(new URL(hostname).hostname);
    const realm = JSON.parse(readFileSync(join(folder, 'realm/liaison-realm.json'), 'utf8')) as {
      readonly clients: readonly [
        {
          readonly clientId: string;
          readonly redirectUris: readonly string[];
          readonly attributes: Record<string, string>;
        },
      ];
      readonly users: readonly { readonly id: string; readonly credentials: readonly { readonly value: string }[] }[];
    };
    const [client] = realm.clients;
    expect(client.clientId).toBe('liaison-hub');
    expect(client.redirectUris).toEqual([`${String(api?.environment?.['LIAISON_PUBLIC_URL'])}/sign-in/callback`]);
    const { keys } = JSON.parse(client.attributes['jwks.string'] ?? '') as { keys: readonly object[] };
    const hubKey = createPublicKey(readFileSync(join(folder, 'client-key'), 'utf8')).export({ format: 'jwk' });
    expect(keys[0]).toMatchObject(hubKey);
    const authorities = JSON.parse(textOf('deploy/keycloak/authorities.json')) as {
      readonly issuer: string;
      readonly authorities: readonly { readonly staff: readonly { subject: string; roles: readonly string[] }[] }[];
    };
    expect(authorities.issuer).toBe(issuer);
    const staff = authorities.authorities.flatMap((authority) => authority.staff);
    expect(staff.map(({ subject }) => subject)).toEqual(realm.users.map(({ id }) => id));
    expect(staff.flatMap(({ roles }) => roles).filter((role) => !(ROLES as readonly string[]).includes(role))).toEqual(
      [],
    );
    const password = readFileSync(join(folder, 'staff-password'), 'utf8');
    expect(realm.users.map(({ credentials }) => credentials[0]?.value)).toEqual(realm.users.map(() => password));
  });
});

describe('deploy/Dockerfile', () => {
  const lines = textOf('deploy/Dockerfile').split('\n');
  const words = (instruction: string): string[][] =>
    lines.filter((line) => line.startsWith(`${instruction} `)).map((line) => line.split(/\s+/).slice(1));

  it('begins with pinned images, of the Node that the project pins', () => {
    const { dependencies } = JSON.parse(textOf('package.json')) as { dependencies: Record<string, string> };
    for (const [image = ''] of words('FROM')) {
      expect(image).toMatch(PINNED);
      expect(image).toContain(`node:${dependencies['node'] ?? ''}-`);
    }
  });

  it('copies from stages and paths that there are', () => {
    const stages = words('FROM').flatMap(([, as, name]) => (as === 'AS' && name !== undefined ? [name] : []));
    const made = ['dist', 'node_modules'];
    for (const [first = '', ...rest] of words('COPY')) {
      const stage = /^--from=(.+)$/.exec(first)?.[1];
      if (stage !== undefined) expect(stages).toContain(stage);
      const sources = (stage === undefined ? [first, ...rest] : rest).slice(0, -1);
      const paths = sources.map((source) => source.replace(/^\/src\//, '')).filter((path) => !made.includes(path));
      expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
    }
  });

  it('ends as a user without rights', () => {
    const last = lines.findLastIndex((line) => line.startsWith('FROM '));
    expect(lines.slice(last).filter((line) => line.startsWith('USER '))).toEqual(['USER node']);
  });
});

describe('deploy/chart', () => {
  const templates = projectFiles('deploy/chart/templates');
  const values = parse(textOf('deploy/chart/values.yaml')) as Record<string, unknown>;
  const used = new Set(
    templates.flatMap((path) => [...textOf(path).matchAll(/\.Values\.([\w.]+)/g)].map(([, at = '']) => at)),
  );

  it('reads the values that there are, and has none that nothing reads', () => {
    const at = (path: string): unknown =>
      path.split('.').reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], values);
    expect([...used].filter((path) => at(path) === undefined)).toEqual([]);
    const isRead = (path: string): boolean => [...used].some((name) => name === path || name.startsWith(`${path}.`));
    expect(Object.keys(values).filter((name) => !isRead(name))).toEqual([]);
    for (const name of ['kafka', 'telemetry'])
      expect(Object.keys(values[name] as object).filter((inner) => !isRead(`${name}.${inner}`))).toEqual([]);
  });

  it('tells the processes nothing that none of them knows', () => {
    const all = new Set([...told.values()].flatMap((names) => [...names]));
    const names = templates.flatMap((path) =>
      [...textOf(path).matchAll(/\{ name: ((?:LIAISON|KAFKA|OTEL)_[A-Z_]+),/g)].map(([, name = '']) => name),
    );
    expect(names.length).toBeGreaterThan(10);
    expect(names.filter((name) => !all.has(name.replace(/_FILE$/, '')))).toEqual([]);
  });

  const helm = findHelm();
  if (helm === undefined) {
    process.stderr.write('Helm is not here, so the chart was checked without it: LIAISON_HELM=go builds it.\n');
    return;
  }
  describe('as Helm renders it', () => {
    const run = (...args: string[]): string => {
      const done = spawnSync(helm, args, { cwd: root, encoding: 'utf8' });
      expect({ status: done.status, stderr: done.stderr }).toMatchObject({ status: 0 });
      return done.stdout;
    };

    it('is right in Helm’s eyes', () => {
      expect(run('lint', '--strict', 'deploy/chart')).toContain('0 chart(s) failed');
    });

    it.each([[[]], [['--set', 'kafka.user=liaison', '--set', 'registers.one=http://register']]])(
      'gives each process what it knows, and every file that it is told of (%j)',
      (settings) => {
        const objects = parseAllDocuments(run('template', 'liaison', 'deploy/chart', ...settings)).map(
          (document) => document.toJS() as Rendered | null,
        );
        const pods = objects.flatMap((object) => object?.spec?.template?.spec ?? []);
        expect(pods).toHaveLength(PROCESSES.length);
        for (const { containers, volumes } of pods) {
          const [{ name, env, volumeMounts }] = containers;
          expect(
            unknownTo(
              name,
              env.map((one) => one.name),
            ),
          ).toEqual([]);
          expect(env.filter(({ value }) => typeof value !== 'string')).toEqual([]);
          const files = volumeMounts.flatMap((mount) => {
            const volume = volumes.find((one) => one.name === mount.name);
            const config = objects.find((object) => object?.metadata?.name === volume?.configMap?.name);
            const paths = volume?.secret?.items.map(({ path }) => path) ?? Object.keys(config?.data ?? {});
            return paths.map((path) => `${mount.mountPath}/${path}`);
          });
          expect(
            env
              .filter(({ value }) => /^\/(?:run|etc)\//.test(value))
              .map(({ value }) => value)
              .sort(),
          ).toEqual(files.sort());
        }
      },
    );
  });
});

interface Rendered {
  readonly metadata?: { readonly name: string };
  readonly data?: Readonly<Record<string, string>>;
  readonly spec?: {
    readonly template?: {
      readonly spec: {
        readonly containers: readonly [
          {
            readonly name: string;
            readonly env: readonly { readonly name: string; readonly value: string }[];
            readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
          },
        ];
        readonly volumes: readonly {
          readonly name: string;
          readonly secret?: { readonly items: readonly { readonly path: string }[] };
          readonly configMap?: { readonly name: string };
        }[];
      };
    };
  };
}

/** `helm` of the path, or what LIAISON_HELM names; `go` builds one with Go, once: that takes minutes. Undefined without. */
function findHelm(): string | undefined {
  const asked = process.env['LIAISON_HELM'];
  const isThere = (command: string): boolean => spawnSync(command, ['version']).status === 0;
  if (asked !== undefined && asked !== 'go') return asked;
  if (asked === undefined) return isThere('helm') ? 'helm' : undefined;
  const folder = join(root, 'node_modules', '.cache', `helm-${HELM_VERSION}`);
  mkdirSync(folder, { recursive: true });
  if (!readdirSync(folder).includes('helm'))
    spawnSync('go', ['install', `helm.sh/helm/v3/cmd/helm@${HELM_VERSION}`], {
      env: { ...process.env, GOBIN: folder },
      stdio: 'inherit',
    });
  return join(folder, 'helm');
}
