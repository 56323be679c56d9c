import { HubError, localDate, type LocalDate } from '#libs/kernel/index.js';
import { plainText, withoutContacts } from './plain-text.js';
import type { Advertisement, ContractKind, Occupation, Place, WorkingHours } from './vacancy.js';

type Maybe<Value> = Value | null | undefined;

export interface NavPlace {
  readonly city?: Maybe<string>;
  readonly country?: Maybe<string>;
  readonly county?: Maybe<string>;
  readonly municipal?: Maybe<string>;
  readonly municipalCode?: Maybe<string>;
  readonly postalCode?: Maybe<string>;
}

/** An advertisement of the Norwegian public employment service's feed, as far as it is read (`schemas/doors/nav-ad.schema.json`). */
export interface NavAd {
  readonly uuid: string;
  readonly status: string;
  readonly privacy: string;
  readonly title: string;
  /** Local time without a zone, as all times of the feed. */
  readonly published: string;
  readonly expires?: Maybe<string>;
  readonly updated: string;
  readonly businessName?: Maybe<string>;
  readonly employer?: Maybe<{ readonly name?: Maybe<string>; readonly orgnr?: Maybe<string> }>;
  readonly categoryList?: Maybe<
    readonly { readonly categoryType: string; readonly code: string; readonly name?: Maybe<string> }[]
  >;
  readonly location?: Maybe<NavPlace>;
  readonly locationList?: Maybe<readonly NavPlace[]>;
  readonly properties: {
    readonly adtext?: Maybe<string>;
    readonly employer?: Maybe<string>;
    readonly positioncount?: Maybe<string | number>;
    readonly engagementtype?: Maybe<string>;
    readonly extent?: Maybe<string>;
    readonly applicationurl?: Maybe<string>;
    readonly sourceurl?: Maybe<string>;
  };
}

const COUNTRIES: Readonly<Record<string, string>> = {
  NORGE: 'NO',
  NORWAY: 'NO',
  SVERIGE: 'SE',
  DANMARK: 'DK',
  FINLAND: 'FI',
  ISLAND: 'IS',
};

const CONTRACTS: Readonly<Record<string, ContractKind>> = {
  Fast: 'PERMANENT',
  Vikariat: 'TEMPORARY',
  Engasjement: 'TEMPORARY',
  Prosjekt: 'TEMPORARY',
  Sesong: 'TEMPORARY',
  Åremål: 'TEMPORARY',
};

const HOURS: Readonly<Record<string, WorkingHours>> = { Heltid: 'FULL_TIME', Deltid: 'PART_TIME' };

const dayOf = (time: string): LocalDate => localDate(time.slice(0, 10));

/** Translates one advertisement. Throws `vacancy.row` with the field and the rule. */
export function readNavAd(ad: NavAd): Advertisement {
  const { properties } = ad;
  const places = ad.locationList?.length ? ad.locationList : ad.location == null ? [] : [ad.location];
  const employerName = ad.employer?.name ?? ad.businessName ?? properties.employer ?? null;
  return {
    externalId: ad.uuid,
    revision: ad.updated,
    removedOn: removedOn(ad),
    content: {
      title: withoutContacts(plainText(ad.title)),
      description: withoutContacts(plainText(properties.adtext ?? '')),
      employerName,
      employerNumber: ad.employer?.orgnr ?? null,
      occupations: (ad.categoryList ?? []).flatMap(occupationsOf),
      places: places.map(placeOf),
      // The service's own export to EURES counts one where the advertisement names no number.
      positions: positionsOf(properties.positioncount ?? 1),
      contract: properties.engagementtype == null ? null : (CONTRACTS[properties.engagementtype] ?? 'OTHER'),
      hours: HOURS[properties.extent ?? ''] ?? null,
      publishedOn: dayOf(ad.published),
      closesOn: ad.expires == null ? null : dayOf(ad.expires),
      applyUrl: webAddress(properties.applicationurl) ?? webAddress(properties.sourceurl),
    },
  };
}

/** INACTIVE is the ordinary end of an advertisement that has expired; before that day it means that it was taken down. */
function removedOn(ad: NavAd): LocalDate | null {
  const day = dayOf(ad.updated);
  // Shown inside the authority only: for partners it does not exist (any more).
  if (ad.privacy !== 'SHOW_ALL') return day;
  switch (ad.status) {
    case 'ACTIVE':
      return null;
    case 'INACTIVE':
      return ad.expires != null && day < dayOf(ad.expires) ? day : null;
    case 'STOPPED':
    case 'DELETED':
    case 'REJECTED':
      return day;
    default:
      throw new HubError('vacancy.row', 'One of ACTIVE, INACTIVE, STOPPED, DELETED and REJECTED is expected.', {
        field: 'status',
      });
  }
}

/** STYRK-08 is Norway's edition of ISCO-08: its first four digits are the international code. */
function occupationsOf(category: { categoryType: string; code: string; name?: Maybe<string> }): Occupation[] {
  const { categoryType: scheme, code } = category;
  const own = { scheme, code, label: category.name ?? null };
  return scheme.startsWith('STYRK08') && /^\d{4}/.test(code)
    ? [own, { scheme: 'ISCO08', code: code.slice(0, 4), label: null }]
    : [own];
}

function placeOf(place: NavPlace): Place {
  const municipalityCode = place.municipalCode ?? null;
  return {
    country: COUNTRIES[(place.country ?? '').toUpperCase()] ?? null,
    // The first two digits of a Norwegian municipality's number are its county's.
    regionCode: municipalityCode?.slice(0, 2) ?? null,
    region: place.county ?? null,
    municipalityCode,
    municipality: place.municipal ?? null,
    postCode: place.postalCode ?? null,
    city: place.city ?? null,
  };
}

const POSITIONS_MAX = 10_000;

export function positionsOf(count: Maybe<string | number>): number | null {
  const value = Number(count ?? NaN);
  return Number.isInteger(value) && value >= 1 && value <= POSITIONS_MAX ? value : null;
}

const ADDRESS_LENGTH_MAX = 2_000;

/** Only a web address leads anywhere: a mail address or a script is not kept. */
export const webAddress = (text: Maybe<string>): string | null =>
  text != null && text.length <= ADDRESS_LENGTH_MAX && /^https?:\/\/[^\s<>"]+$/i.test(text) ? text : null;
