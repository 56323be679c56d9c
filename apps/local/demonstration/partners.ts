import { PersonClient, type GraphqlClient } from '#libs/testing/client.js';
import { act } from './api.js';
import { PatientClient } from './patient-client.js';
import type { Progress } from './progress.js';
import {
  municipalitySubject,
  PRIME,
  PROGRAMMES,
  PROVIDER_IBANS,
  PROVIDERS,
  providerSubject,
  type Programme,
} from './world.js';

/** Who acts in the programme, each signed in as itself when it is first needed. */
export class Partners {
  private readonly sessions = new Map<string, GraphqlClient>();

  constructor(
    private readonly url: string,
    private readonly passwordOf: (subject: string) => string,
    private readonly say: (line: string) => void,
  ) {}

  as(subject: string): GraphqlClient {
    const known = this.sessions.get(subject);
    if (known !== undefined) return known;
    const signIn = (): Promise<GraphqlClient> => PersonClient.signIn(this.url, subject, this.passwordOf(subject));
    const session = new PatientClient(signIn, this.say);
    this.sessions.set(subject, session);
    return session;
  }

  counsellor = (programme: Programme): GraphqlClient => this.as(`${programme.code}-counsellor`);
  manager = (programme: Programme, number: 1 | 2): GraphqlClient => this.as(`${programme.code}-manager-${number}`);
  adviser = (provider: string): GraphqlClient => this.as(providerSubject(provider, 'adviser'));
  finance = (provider: string): GraphqlClient => this.as(providerSubject(provider, 'finance'));
}

/** Brings everybody in, through the API, as who would: authorities register partners, conclude contracts, confirm accounts. */
export async function bringIn(partners: Partners, progress: Progress, issuer: string): Promise<void> {
  for (const programme of PROGRAMMES) {
    for (const name of programme.municipalities)
      await register(partners, progress, issuer, programme, 'MUNICIPALITY', name);
    for (const name of programme.socialServices)
      await register(partners, progress, issuer, programme, 'SOCIAL_SERVICE', name);
    for (const { provider } of programme.contracts)
      await register(partners, progress, issuer, programme, 'PROVIDER', provider);
  }
  for (const programme of PROGRAMMES) await conclude(partners, progress, programme);
  await subcontract(partners, progress);
  await nameAccounts(partners, progress);
}

type Kind = 'MUNICIPALITY' | 'SOCIAL_SERVICE' | 'PROVIDER';

async function register(
  partners: Partners,
  progress: Progress,
  issuer: string,
  programme: Programme,
  kind: Kind,
  name: string,
): Promise<void> {
  if (progress.find(`organisation/${name}`) !== undefined) return;
  const manager = partners.manager(programme, 1);
  const { country, timeZone, site } = programme.authority;
  const sites = [{ name: 'Office', ...site }];
  const answer = await act(
    manager,
    'registerOrganisation',
    'Organisation',
    { kind, name, country, timeZone, sites },
    `organisation/${name}`,
  );
  const organisationId = String(answer['id']);
  progress.remember(`organisation/${name}`, organisationId);
  const people: readonly (readonly [subject: string, roles: readonly string[]])[] =
    kind === 'PROVIDER'
      ? [
          [providerSubject(name, 'adviser'), ['PROVIDER_ADVISER']],
          [providerSubject(name, 'finance'), ['PROVIDER_FINANCE']],
        ]
      : kind === 'MUNICIPALITY'
        ? [[municipalitySubject(name), ['MUNICIPALITY_WORKER']]]
        : [];
  for (const [subject, roles] of people) {
    await act(manager, 'registerStaff', 'Staff', { organisationId, issuer, subject, roles }, `staff/${subject}`);
  }
}

async function conclude(partners: Partners, progress: Progress, programme: Programme): Promise<void> {
  const manager = partners.manager(programme, 1);
  for (const { number, provider, area } of programme.contracts) {
    const input = {
      number,
      providerId: progress.get(`organisation/${provider}`),
      tariffId: programme.tariffId,
      terms: [],
      validFrom: '2018-01-01',
      lots: [{ code: 'A', area, capacity: 500 }],
    };
    const answer = await act(manager, 'concludeContract', 'Contract', input, `contract/${number}`);
    progress.remember(`contract/${number}`, String(answer['id']));
  }
}

async function subcontract(partners: Partners, progress: Progress): Promise<void> {
  const prime = PROGRAMMES.flatMap((programme) => programme.contracts).find(({ number }) => number === PRIME.contract);
  const finance = partners.finance(prime?.provider ?? '');
  for (const name of PRIME.subcontractors) {
    const input = {
      contractId: progress.get(`contract/${PRIME.contract}`),
      providerId: progress.get(`organisation/${name}`),
      lotCode: 'A',
      validFrom: '2018-01-08',
    };
    await act(finance, 'subcontract', 'Contract', input, `subcontract/${name}`);
  }
}

/** Each authority names the account it pays from, each provider where it is paid; somebody else confirms each of them. */
async function nameAccounts(partners: Partners, progress: Progress): Promise<void> {
  for (const programme of PROGRAMMES) {
    const [first, second] = [partners.manager(programme, 1), partners.manager(programme, 2)];
    const own = { iban: programme.iban, holder: programme.authority.name };
    const account = await act(first, 'proposePayeeAccount', 'PayeeAccount', own, `account/${programme.code}`);
    await act(
      second,
      'confirmPayeeAccount',
      'PayeeAccount',
      { accountId: account['id'] },
      `account/${programme.code}/confirmed`,
    );
    for (const provider of new Set(programme.contracts.map((contract) => contract.provider))) {
      await nameAccount(partners, progress, programme, provider, PROVIDER_IBANS[provider] ?? '', 'first');
    }
  }
}

/** A provider proposes an account to an authority; a manager of the authority confirms it. */
export async function nameAccount(
  partners: Partners,
  progress: Progress,
  programme: Programme,
  provider: string,
  iban: string,
  occasion: string,
): Promise<void> {
  const key = `account/${programme.code}/${provider}/${occasion}`;
  const authorityId = progress.get(`authority/${programme.code}`);
  const proposed = await act(
    partners.finance(provider),
    'proposePayeeAccount',
    'PayeeAccount',
    { iban, holder: provider, authorityId },
    key,
  );
  const manager = partners.manager(programme, 2);
  await act(manager, 'confirmPayeeAccount', 'PayeeAccount', { accountId: proposed['id'] }, `${key}/confirmed`);
}

/** The providers that an authority pays. */
export const payees = (programme: Programme): readonly string[] =>
  PROVIDERS.filter((name) => programme.contracts.some(({ provider }) => provider === name));
