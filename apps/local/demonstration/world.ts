import type { Authority } from '../../authorities.js';

/** One authority under the law of its own country, with whom it works. All are invented; the places are real. */
export interface Programme {
  readonly code: string;
  readonly authority: Authority;
  readonly iban: string;
  readonly tariffId: string;
  /** Days of 2018 on which people come in. */
  readonly intake: { readonly from: string; readonly to: string };
  readonly people: number;
  readonly municipalities: readonly string[];
  readonly socialServices: readonly string[];
  readonly contracts: readonly { readonly number: string; readonly provider: string; readonly area: string }[];
  readonly givenNames: readonly string[];
  readonly familyNames: readonly string[];
}

const staff = (code: string): Authority['staff'] => [
  { subject: `${code}-counsellor`, roles: ['COUNSELLOR'] },
  { subject: `${code}-manager-1`, roles: ['CONTRACT_MANAGER'] },
  { subject: `${code}-manager-2`, roles: ['CONTRACT_MANAGER'] },
];

export const PROGRAMMES: readonly Programme[] = [
  {
    code: 'ie',
    authority: {
      name: 'Employment Authority, Ireland',
      country: 'IE',
      timeZone: 'Europe/Dublin',
      site: { street: 'Store Street', buildingNumber: '1', postCode: 'D01 X2P3', town: 'Dublin' },
      staff: staff('ie'),
    },
    iban: 'IE29AIBK93115212345678',
    tariffId: 'jobpath-ie',
    intake: { from: '2018-01-08', to: '2018-12-14' },
    people: 140,
    municipalities: ['City of Cork', 'City of Limerick'],
    socialServices: ['Cork Family Support'],
    contracts: [
      { number: 'IE-2018-1', provider: 'Bridge to Work', area: 'Munster' },
      { number: 'IE-2018-2', provider: 'Next Step Careers', area: 'Leinster' },
    ],
    givenNames: ['Aoife', 'Cian', 'Saoirse', 'Oisin', 'Niamh', 'Fionn', 'Roisin', 'Darragh'],
    familyNames: ['Byrne', 'Murphy', 'Kelly', 'Walsh', 'Ryan', 'Doyle', 'Nolan', 'Quinn'],
  },
  {
    code: 'de',
    authority: {
      name: 'Arbeitsagentur Nord-Sachsen',
      country: 'DE',
      timeZone: 'Europe/Berlin',
      site: { street: 'Georg-Schumann-Straße', buildingNumber: '150', postCode: '04159', town: 'Leipzig' },
      staff: staff('de'),
    },
    iban: 'DE89370400440532013000',
    tariffId: 'avgs-de',
    intake: { from: '2018-01-08', to: '2018-12-14' },
    people: 100,
    municipalities: ['Stadt Leipzig'],
    socialServices: ['Sozialdienst Leipzig'],
    contracts: [
      { number: 'DE-2018-1', provider: 'Wegweiser Vermittlung', area: 'Sachsen' },
      { number: 'DE-2018-2', provider: 'Next Step Careers', area: 'Sachsen' },
    ],
    givenNames: ['Anna', 'Jonas', 'Lea', 'Lukas', 'Mia', 'Paul', 'Emma', 'Felix'],
    familyNames: ['Schulz', 'Becker', 'Wagner', 'Koch', 'Richter', 'Klein', 'Wolf', 'Neumann'],
  },
  {
    code: 'it',
    authority: {
      name: 'Agenzia per il Lavoro, Piemonte',
      country: 'IT',
      timeZone: 'Europe/Rome',
      site: { street: 'Via Bologna', buildingNumber: '153', postCode: '10154', town: 'Torino' },
      staff: staff('it'),
    },
    iban: 'IT60X0542811101000000123456',
    tariffId: 'adr-it',
    intake: { from: '2018-05-07', to: '2018-12-14' },
    people: 60,
    municipalities: ['Comune di Torino'],
    socialServices: [],
    contracts: [
      { number: 'IT-2018-1', provider: 'Passo Lavoro', area: 'Piemonte' },
      { number: 'IT-2018-2', provider: 'Officina Impiego', area: 'Piemonte' },
    ],
    givenNames: ['Giulia', 'Marco', 'Chiara', 'Luca', 'Sara', 'Matteo', 'Elisa', 'Davide'],
    familyNames: ['Rossi', 'Ferrari', 'Russo', 'Bianchi', 'Gallo', 'Conti', 'Greco', 'Marino'],
  },
];

/** The prime and its two sub-contractors. */
export const PRIME = {
  programme: 'ie',
  contract: 'IE-2018-1',
  subcontractors: ['Next Step Careers', 'Passo Lavoro'],
} as const;

/** Where each provider is paid, by authority; one of them changes its account, one account is closed meanwhile. */
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
export const STRAY = { programme: 'ie', on: '2018-10-10', amountMinor: -125_000n, text: 'Unknown purpose' } as const;

export const PROVIDERS = [
  ...new Set(PROGRAMMES.flatMap((programme) => programme.contracts.map((contract) => contract.provider))),
];

/** Who signs in at a provider: an adviser and a finance officer. */
export const providerSubject = (provider: string, role: 'adviser' | 'finance'): string =>
  `${provider.toLowerCase().replaceAll(/[^a-z]+/g, '-')}-${role}`;

export const municipalitySubject = (name: string): string => `${name.toLowerCase().replaceAll(/[^a-z]+/g, '-')}-worker`;

export const SUBJECTS: readonly string[] = [
  ...PROGRAMMES.flatMap((programme) => programme.authority.staff.map(({ subject }) => subject)),
  ...PROVIDERS.flatMap((provider) => [providerSubject(provider, 'adviser'), providerSubject(provider, 'finance')]),
  ...PROGRAMMES.flatMap((programme) => programme.municipalities).map(municipalitySubject),
];
