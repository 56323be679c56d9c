import type { Authority } from '../../authorities.js';

/** The authority. It is invented, like everybody here; the places are real. */
export const AUTHORITY: Authority = {
  name: 'Public Employment Service',
  country: 'IE',
  timeZone: 'Europe/Dublin',
  site: { street: 'Store Street', buildingNumber: '1', postCode: 'D01 X2P3', town: 'Dublin' },
  staff: [
    { subject: 'counsellor', roles: ['COUNSELLOR'] },
    { subject: 'manager-1', roles: ['CONTRACT_MANAGER'] },
    { subject: 'manager-2', roles: ['CONTRACT_MANAGER'] },
  ],
};

/** The account the authority pays from. */
export const AUTHORITY_IBAN = 'IE29AIBK93115212345678';

export const MUNICIPALITIES: readonly string[] = ['City of Cork', 'City of Limerick', 'City of Galway'];
export const SOCIAL_SERVICES: readonly string[] = ['Cork Family Support', 'Galway Debt Advice'];

/** What the authority buys under one tariff, and from whom. */
export interface Programme {
  /** The country whose tariff it pays by, in small letters. */
  readonly code: string;
  readonly tariffId: string;
  /** What its contracts state of what the tariff leaves to them. */
  readonly terms: readonly { readonly name: string; readonly value: string }[];
  /** Days of 2018 on which people come in. */
  readonly intake: { readonly from: string; readonly to: string };
  readonly people: number;
  /** National identifiers count from here. */
  readonly idsFrom: number;
  readonly contracts: readonly { readonly number: string; readonly provider: string; readonly area: string }[];
}

export const PROGRAMMES: readonly Programme[] = [
  {
    code: 'ie',
    tariffId: 'jobpath-ie',
    terms: [],
    intake: { from: '2018-01-08', to: '2018-12-14' },
    people: 140,
    idsFrom: 1_000_000,
    contracts: [
      { number: 'IE-2018-1', provider: 'Bridge to Work', area: 'Munster' },
      { number: 'IE-2018-2', provider: 'Next Step Careers', area: 'Connacht' },
    ],
  },
  {
    code: 'de',
    tariffId: 'avgs-de',
    terms: [{ name: 'reportMonths', value: '6' }],
    intake: { from: '2018-01-08', to: '2018-12-14' },
    people: 100,
    idsFrom: 3_000_000,
    contracts: [
      { number: 'DE-2018-1', provider: 'Wegweiser Vermittlung', area: 'Munster' },
      { number: 'DE-2018-2', provider: 'Next Step Careers', area: 'Connacht' },
    ],
  },
  {
    code: 'it',
    tariffId: 'adr-it',
    // A job without an end is paid half after six months and the rest after twelve.
    terms: [{ name: 'firstTrancheShare', value: '0.5' }],
    intake: { from: '2018-05-07', to: '2018-12-14' },
    people: 60,
    idsFrom: 5_000_000,
    contracts: [
      { number: 'IT-2018-1', provider: 'Passo Lavoro', area: 'Lombardia' },
      { number: 'IT-2018-2', provider: 'Officina Impiego', area: 'Veneto' },
    ],
  },
];

export const GIVEN_NAMES: readonly string[] = [
  ...['Aoife', 'Cian', 'Saoirse', 'Oisin', 'Niamh', 'Fionn', 'Roisin', 'Darragh'],
  ...['Anna', 'Jonas', 'Lea', 'Paul', 'Giulia', 'Marco', 'Chiara', 'Luca'],
];
export const FAMILY_NAMES: readonly string[] = [
  ...['Byrne', 'Murphy', 'Kelly', 'Walsh', 'Ryan', 'Doyle', 'Nolan', 'Quinn'],
  ...['Schulz', 'Becker', 'Wagner', 'Koch', 'Rossi', 'Ferrari', 'Russo', 'Conti'],
];

/** The prime and its two sub-contractors. */
export const PRIME = {
  contract: 'IE-2018-1',
  subcontractors: ['Next Step Careers', 'Passo Lavoro'],
} as const;

/** Where each provider is paid; one of them changes its account, one account is closed meanwhile. */
export const PROVIDER_IBANS: Readonly<Record<string, string>> = {
  'Bridge to Work': 'IE64IRCE92050112345678',
  'Next Step Careers': 'NL91ABNA0417164300',
  'Wegweiser Vermittlung': 'DE75512108001245126199',
  'Passo Lavoro': 'IT13S0542811101000000123457',
  'Officina Impiego': 'FR1420041010050500013M02606',
};
/** A provider that changes its account: a second person confirms the new one before any file uses it. */
export const NEW_ACCOUNT = {
  provider: 'Wegweiser Vermittlung',
  iban: 'DE12500105170648489890',
  on: '2018-09-03',
} as const;
/** A provider whose account is closed without a word: what is paid there comes back, and only then a new one is named. */
export const CLOSED_ACCOUNT = {
  provider: 'Next Step Careers',
  from: '2019-02-01',
  iban: 'BE68539007547034',
} as const;
/** A line on the bank statement that nobody can place. */
export const STRAY = { on: '2018-10-10', amountMinor: -125_000n, text: 'Unknown purpose' } as const;

export const PROVIDERS = [
  ...new Set(PROGRAMMES.flatMap((programme) => programme.contracts.map((contract) => contract.provider))),
];

/** Who signs in at a provider: an adviser and a finance officer. */
export const providerSubject = (provider: string, role: 'adviser' | 'finance'): string =>
  `${provider.toLowerCase().replaceAll(/[^a-z]+/g, '-')}-${role}`;

/** Who signs in at a municipality or a social service. */
export const workerSubject = (name: string): string => `${name.toLowerCase().replaceAll(/[^a-z]+/g, '-')}-worker`;

export const SUBJECTS: readonly string[] = [
  ...AUTHORITY.staff.map(({ subject }) => subject),
  ...PROVIDERS.flatMap((provider) => [providerSubject(provider, 'adviser'), providerSubject(provider, 'finance')]),
  ...[...MUNICIPALITIES, ...SOCIAL_SERVICES].map(workerSubject),
];
