import { localDate, type LocalDate } from '#libs/kernel/index.js';
import { positionsOf, webAddress } from './nav.js';
import { plainText, withoutContacts } from './plain-text.js';
import type { Advertisement, ContractKind, Occupation, WorkingHours } from './vacancy.js';

type Maybe<Value> = Value | null | undefined;
interface Term {
  readonly namn?: Maybe<string>;
  readonly varde: string;
}
interface Concept {
  readonly concept_id?: Maybe<string>;
  readonly label?: Maybe<string>;
  readonly legacy_ams_taxonomy_id?: Maybe<string>;
}

/** An advertisement as the Swedish public employment service keeps it (`schemas/doors/jobtech-source-ad.schema.json`). */
export interface JobtechSourceAd {
  readonly annonsId: number | string;
  readonly annonsrubrik: string;
  readonly annonstext?: Maybe<string>;
  readonly updatedAt: number;
  readonly publiceringsdatum: string;
  readonly sistaAnsokningsdatum?: Maybe<string>;
  readonly sistaPubliceringsdatum?: Maybe<string>;
  readonly avpublicerad: boolean;
  readonly avpubliceringsdatum?: Maybe<string>;
  readonly antalPlatser?: Maybe<number>;
  readonly arbetsgivareNamn?: Maybe<string>;
  readonly organisationsnummer?: Maybe<string>;
  readonly ansokningssattWebbadress?: Maybe<string>;
  readonly yrkesroll?: Maybe<Term>;
  readonly arbetstidTyp?: Maybe<Term>;
  readonly varaktighetTyp?: Maybe<Term>;
  readonly arbetsplatsadress?: Maybe<{
    readonly lan?: Maybe<Term>;
    readonly kommun?: Maybe<Term>;
    readonly postnr?: Maybe<string>;
    readonly postort?: Maybe<string>;
  }>;
}

/** The same advertisement as it is published, with the concepts of the taxonomy (`schemas/doors/jobtech-ad.schema.json`). */
export interface JobtechAd {
  readonly id: string;
  readonly headline: string;
  readonly description?: Maybe<{ readonly text?: Maybe<string> }>;
  readonly timestamp: number;
  readonly publication_date: string;
  readonly application_deadline?: Maybe<string>;
  readonly last_publication_date?: Maybe<string>;
  readonly removed: boolean;
  readonly removed_date?: Maybe<string>;
  readonly number_of_vacancies?: Maybe<number>;
  readonly employer?: Maybe<{ readonly name?: Maybe<string>; readonly organization_number?: Maybe<string> }>;
  readonly occupation?: Maybe<Concept>;
  readonly occupation_group?: Maybe<Concept>;
  readonly working_hours_type?: Maybe<Concept>;
  readonly duration?: Maybe<Concept>;
  readonly application_details?: Maybe<{ readonly url?: Maybe<string> }>;
  readonly workplace_address?: Maybe<{
    readonly municipality_code?: Maybe<string>;
    readonly municipality?: Maybe<string>;
    readonly region_code?: Maybe<string>;
    readonly region?: Maybe<string>;
    readonly postcode?: Maybe<string>;
    readonly city?: Maybe<string>;
  }>;
}

/** Swedish day of `2019-04-15 23:59:59` and of `2019-04-15T23:59:59`. */
const dayOf = (time: string): LocalDate => localDate(time.slice(0, 10));
const dayOrNull = (time: Maybe<string>): LocalDate | null => (time == null ? null : dayOf(time));

/** Milliseconds since 1970, of fixed length so that they compare as text. */
const revisionOf = (timestampMs: number): string => String(timestampMs).padStart(15, '0');

const DURATION_UNLIMITED = '1';
const contractOf = (code: Maybe<string>): ContractKind | null =>
  code == null ? null : code === DURATION_UNLIMITED ? 'PERMANENT' : 'TEMPORARY';

const HOURS: Readonly<Record<string, WorkingHours>> = { '1': 'FULL_TIME', '2': 'PART_TIME' };

/** A date of withdrawal may stand beside an advertisement that is not withdrawn: the flag alone says so. */
const removedOn = (removed: boolean, time: Maybe<string>, timestampMs: number): LocalDate | null =>
  removed ? (dayOrNull(time) ?? localDate(new Date(timestampMs).toISOString().slice(0, 10))) : null;

const AMS = 'AMS';

export function readJobtechSourceAd(ad: JobtechSourceAd): Advertisement {
  const address = ad.arbetsplatsadress;
  return {
    externalId: String(ad.annonsId),
    revision: revisionOf(ad.updatedAt),
    removedOn: removedOn(ad.avpublicerad, ad.avpubliceringsdatum, ad.updatedAt),
    content: {
      title: withoutContacts(plainText(ad.annonsrubrik)),
      description: withoutContacts(plainText(ad.annonstext ?? '')),
      employerName: ad.arbetsgivareNamn ?? null,
      employerNumber: ad.organisationsnummer ?? null,
      occupations:
        ad.yrkesroll == null ? [] : [{ scheme: AMS, code: ad.yrkesroll.varde, label: ad.yrkesroll.namn ?? null }],
      places:
        address == null
          ? []
          : [
              {
                country: 'SE',
                regionCode: address.lan?.varde ?? null,
                region: address.lan?.namn ?? null,
                municipalityCode: address.kommun?.varde ?? null,
                municipality: address.kommun?.namn ?? null,
                postCode: address.postnr ?? null,
                city: address.postort ?? null,
              },
            ],
      positions: positionsOf(ad.antalPlatser),
      contract: contractOf(ad.varaktighetTyp?.varde),
      hours: HOURS[ad.arbetstidTyp?.varde ?? ''] ?? null,
      publishedOn: dayOf(ad.publiceringsdatum),
      closesOn: dayOrNull(ad.sistaAnsokningsdatum ?? ad.sistaPubliceringsdatum),
      applyUrl: webAddress(ad.ansokningssattWebbadress),
    },
  };
}

export function readJobtechAd(ad: JobtechAd): Advertisement {
  const address = ad.workplace_address;
  return {
    externalId: ad.id,
    revision: revisionOf(ad.timestamp),
    removedOn: removedOn(ad.removed, ad.removed_date, ad.timestamp),
    content: {
      title: withoutContacts(plainText(ad.headline)),
      description: withoutContacts(plainText(ad.description?.text ?? '')),
      employerName: ad.employer?.name ?? null,
      employerNumber: ad.employer?.organization_number ?? null,
      occupations: [...occupationsOf(ad.occupation, AMS), ...occupationsOf(ad.occupation_group, 'SSYK')],
      places:
        address == null
          ? []
          : [
              {
                country: 'SE',
                regionCode: address.region_code ?? null,
                region: address.region ?? null,
                municipalityCode: address.municipality_code ?? null,
                municipality: address.municipality ?? null,
                postCode: address.postcode ?? null,
                city: address.city ?? null,
              },
            ],
      positions: positionsOf(ad.number_of_vacancies),
      contract: contractOf(ad.duration?.legacy_ams_taxonomy_id),
      hours: HOURS[ad.working_hours_type?.legacy_ams_taxonomy_id ?? ''] ?? null,
      publishedOn: dayOf(ad.publication_date),
      closesOn: dayOrNull(ad.application_deadline ?? ad.last_publication_date),
      applyUrl: webAddress(ad.application_details?.url),
    },
  };
}

/** The older code first, which an advertisement from the source has too, then the concept of the taxonomy. */
function occupationsOf(concept: Maybe<Concept>, scheme: string): Occupation[] {
  const label = concept?.label ?? null;
  const codes: [string, Maybe<string>][] = [
    [scheme, concept?.legacy_ams_taxonomy_id],
    ['JOBTECH', concept?.concept_id],
  ];
  return codes.flatMap(([name, code]) => (code == null ? [] : [{ scheme: name, code, label }]));
}
