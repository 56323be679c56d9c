import { PersonClient, type GraphqlClient } from '#libs/testing/client.js';
import { act } from './api.js';
import { PatientClient } from './patient-client.js';
import type { Progress } from './progress.js';
import {
  AUTHORITY,
  AUTHORITY_IBAN,
  MUNICIPALITIES,
  PRIME,
  PROGRAMMES,
  PROVIDER_IBANS,
  PROVIDERS,
  providerSubject,
  SOCIAL_SERVICES,
  workerSubject,
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

  counsellor = (): GraphqlClient => this.as('counsellor');
  manager = (number: 1 | 2): GraphqlClient => this.as(`manager-${number}`);
  adviser = (provider: string): GraphqlClient => this.as(providerSubject(provider, 'adviser'));
  finance = (provider: string): GraphqlClient => this.as(providerSubject(provider, 'finance'));
}

/** Brings everybody in, through the API, as who would: the authority registers partners, concludes contracts, confirms accounts. */
export async function bringIn(partners: Partners, progress: Progress, issuer: string): Promise<void> {
  for (const name of MUNICIPALITIES) await register(partners, progress, issuer, 'MUNICIPALITY', name);
  for (const name of SOCIAL_SERVICES) await register(partners, progress, issuer, 'SOCIAL_SERVICE', name);
  for (const name of PROVIDERS) await register(partners, progress, issuer, 'PROVIDER', name);
  await conclude(partners, progress);
  await subcontract(partners, progress);
  await nameAccounts(partners, progress);
}

type Kind = 'MUNICIPALITY' | 'SOCIAL_SERVICE' | 'PROVIDER';

async function register(
  partners: Partners,
  progress: Progress,
  issuer: string,
  kind: Kind,
  name: string,
): Promise<void> {
  const manager = partners.manager(1);
  const { country, timeZone, site } = AUTHORITY;
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
      : [[workerSubject(name), [kind === 'MUNICIPALITY' ? 'MUNICIPALITY_WORKER' : 'SOCIAL_WORKER']]];
  for (const [subject, roles] of people) {
    await act(manager, 'registerStaff', 'Staff', { organisationId, issuer, subject, roles }, `staff/${subject}`);
  }
}

async function conclude(partners: Partners, progress: Progress): Promise<void> {
  const manager = partners.manager(1);
  const contracts = PROGRAMMES.flatMap(({ tariffId, intake, terms, contracts: own }) =>
    own.map((each) => ({ ...each, tariffId, terms, validFrom: intake.from })),
  );
  for (const { number, provider, area, tariffId, terms, validFrom } of contracts) {
    const input = {
      number,
      providerId: progress.get(`organisation/${provider}`),
      tariffId,
      terms,
      validFrom,
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

/** The authority names the account it pays from, each provider where it is paid; somebody else confirms each of them. */
async function nameAccounts(partners: Partners, progress: Progress): Promise<void> {
  const own = { iban: AUTHORITY_IBAN, holder: AUTHORITY.name };
  const { id: accountId } = await act(partners.manager(1), 'proposePayeeAccount', 'PayeeAccount', own, 'account/own');
  await act(partners.manager(2), 'confirmPayeeAccount', 'PayeeAccount', { accountId }, 'account/own/confirmed');
  const { me } = await partners
    .manager(1)
    .ask<{ me: { organisation: { id: string } } }>(`{ me { organisation { id } } }`);
  progress.remember('authority', me.organisation.id);
  for (const provider of PROVIDERS)
    await nameAccount(partners, progress, provider, PROVIDER_IBANS[provider] ?? '', 'first');
}

/** A provider proposes an account to the authority; a manager of the authority confirms it. */
export async function nameAccount(
  partners: Partners,
  progress: Progress,
  provider: string,
  iban: string,
  occasion: string,
): Promise<void> {
  const key = `account/${provider}/${occasion}`;
  const input = { iban, holder: provider, authorityId: progress.get('authority') };
  const { id: accountId } = await act(partners.finance(provider), 'proposePayeeAccount', 'PayeeAccount', input, key);
  await act(partners.manager(2), 'confirmPayeeAccount', 'PayeeAccount', { accountId }, `${key}/confirmed`);
}
