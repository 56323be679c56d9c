// ESM all the way: Nest 12 is ESM only, so tests run in jest's ESM mode with swc (types are checked by tsc, once).
export default {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/{apps,libs,tests,deploy}/**/*.spec.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        swcrc: false,
        sourceMaps: 'inline',
        module: { type: 'es6' },
        jsc: {
          target: 'es2023',
          keepClassNames: true,
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
        },
      },
    ],
  },
  moduleNameMapper: {
    '^#(libs|apps|tests|deploy)/(.*)\\.js$': '<rootDir>/$1/$2.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/var/'],
  globalSetup: '<rootDir>/libs/testing/global-setup.mjs',
  globalTeardown: '<rootDir>/libs/testing/global-teardown.mjs',
  setupFiles: ['<rootDir>/libs/testing/same-realm.mjs'],
  maxWorkers: 2,
  testTimeout: 30_000,
};
