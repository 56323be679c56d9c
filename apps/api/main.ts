import { createPrivateKey, webcrypto } from 'node:crypto';
import { join } from 'node:path';
import { CasesApi } from '#libs/cases/index.js';
import { DeliveriesApi } from '#libs/deliveries/index.js';
import { DisclosureApi, DisclosureCore } from '#libs/disclosure/index.js';
import { OutcomesApi } from '#libs/outcomes/index.js';
import { PartnersApi } from '#libs/partners/index.js';
import { AuthModule } from '#libs/platform/auth/auth.module.js';
import { choice, key, secret, text, url } from '#libs/platform/config/config.js';
import { GraphqlModule } from '#libs/platform/graphql/graphql.module.js';
import { ReferralsApi } from '#libs/referrals/index.js';
import { SettlementApi } from '#libs/settlement/index.js';
import { VacanciesApi } from '#libs/vacancies/index.js';
import { runProcess } from '../process.js';
import { TARIFF_SETTINGS, TariffsModule } from '../tariffs.module.js';

/** GraphQL, the partners' doors and sign-in; joins no consumer group, so that two or more may run. */
runProcess({
  name: 'api',
  withoutLog: true,
  settings: {
    LIAISON_PAIRWISE_KEY: key(32),
    /** Where callers reach the cluster. */
    LIAISON_PUBLIC_URL: url(['https:', 'http:']),
    /** Of the OpenID Connect provider, and this client of it with its private key (PKCS #8, P-256). */
    LIAISON_ISSUER: url(['https:', 'http:']),
    LIAISON_CLIENT_ID: text({ fallback: 'liaison-hub' }),
    LIAISON_CLIENT_KEY: secret(),
    /** The one API that tokens are for. */
    LIAISON_AUDIENCE: text({ fallback: 'urn:liaison:hub' }),
    LIAISON_INTROSPECTION: choice(['on', 'off'], { fallback: 'off' }),
    ...TARIFF_SETTINGS,
  },
  publicUrl: (config) => config.LIAISON_PUBLIC_URL,
  modules: async (config, { platform }) => {
    const { schemaFolder, logger } = platform;
    return [
      GraphqlModule.forRoot({
        schemaFolder: join(schemaFolder, 'graphql'),
        introspection: config.LIAISON_INTROSPECTION === 'on',
      }),
      AuthModule.forRoot({
        issuer: config.LIAISON_ISSUER,
        clientId: config.LIAISON_CLIENT_ID,
        clientKey: await keyOf(config.LIAISON_CLIENT_KEY),
        publicUrl: config.LIAISON_PUBLIC_URL,
        audience: config.LIAISON_AUDIENCE,
        onRefused: (reason) => logger.info({ reason }, 'sign-in refused'),
      }),
      DisclosureCore.forRoot(config.LIAISON_PAIRWISE_KEY),
      TariffsModule.forRoot(join(schemaFolder, 'tariffs'), config.LIAISON_DRAFT_TARIFFS, logger),
      DisclosureApi,
      PartnersApi,
      ReferralsApi,
      CasesApi,
      VacanciesApi.forRoot({ schemaFolder }),
      OutcomesApi,
      SettlementApi,
      DeliveriesApi,
    ];
  },
});

async function keyOf(pem: string): Promise<webcrypto.CryptoKey> {
  const der = createPrivateKey(pem).export({ type: 'pkcs8', format: 'der' });
  return webcrypto.subtle.importKey('pkcs8', der, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign']);
}
