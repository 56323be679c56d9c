import type { GraphqlClient } from '#libs/testing/client.js';
import type { TestHub } from './test-hub.js';

/** A mutation's answer: the thing itself, or a refusal. */
export interface Answer {
  readonly __typename: string;
  readonly id: string;
  readonly code?: string;
  readonly message?: string;
  readonly field?: string | null;
  readonly state?: string;
}

let keys = 0;

/** Sends one mutation with `input` and answers its result; a refusal is an answer too. `select` is added to what is always asked for. */
export async function command(
  client: GraphqlClient,
  name: string,
  type: string,
  input: object,
  select = 'id',
  key?: string,
): Promise<Answer & Record<string, unknown>> {
  keys += 1;
  const inputType = INPUTS[name] ?? `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
  const data = await client.ask<Record<string, Answer & Record<string, unknown>>>(
    `mutation ($input: ${inputType}!, $key: ID!) { answer: ${name}(input: $input, idempotencyKey: $key) {
       __typename ... on ${type} { ${select} } ... on Refusal { code message field } } }`,
    { input, key: key ?? `test-${keys}-${process.pid}` },
  );
  const { answer } = data;
  if (answer === undefined) throw new Error('The API answered nothing.');
  return answer;
}

/** As `command`, for what must not be refused. */
export async function succeed(
  client: GraphqlClient,
  name: string,
  type: string,
  input: object,
  select = 'id',
): Promise<Answer & Record<string, unknown>> {
  const answer = await command(client, name, type, input, select);
  if (answer.__typename === 'Refusal')
    throw new Error(`${name} was refused: ${answer.code ?? ''} ${answer.message ?? ''}`);
  return answer;
}

const INPUTS: Readonly<Record<string, string>> = {
  reofferReferral: 'ReferralIdInput',
  confirmCancellation: 'ReferralIdInput',
  confirmPayeeAccount: 'PayeeAccountIdInput',
  releasePaymentFile: 'PaymentFileIdInput',
  releaseHeldPayable: 'PayableIdInput',
};

/** Who takes part in a small programme under Ireland's tariff. */
export interface Programme {
  readonly counsellor: GraphqlClient;
  readonly manager: GraphqlClient;
  readonly secondManager: GraphqlClient;
  readonly provider: {
    readonly id: string;
    readonly adviser: GraphqlClient;
    readonly finance: GraphqlClient;
    readonly contractId: string;
  };
  readonly otherProvider: { readonly id: string; readonly adviser: GraphqlClient; readonly contractId: string };
  readonly municipality: { readonly id: string; readonly worker: GraphqlClient };
  readonly otherMunicipality: { readonly id: string; readonly worker: GraphqlClient };
}

const SITE = { name: 'Main office', street: 'Main Street', buildingNumber: '7', postCode: 'T12 X002', town: 'Cork' };

/** Brings in two providers with contracts and two municipalities, each through the API. */
export async function openProgramme(hub: TestHub): Promise<Programme> {
  await hub.day('2018-03-01T08:00:00Z');
  const counsellor = await hub.person('counsellor');
  const manager = await hub.person('manager-1');
  const secondManager = await hub.person('manager-2');
  const organisation = async (kind: string, name: string): Promise<string> =>
    (
      await succeed(manager, 'registerOrganisation', 'Organisation', {
        kind,
        name,
        country: 'IE',
        timeZone: 'Europe/Dublin',
        sites: [SITE],
      })
    ).id;
  const contract = async (providerId: string, number: string): Promise<string> =>
    (
      await succeed(manager, 'concludeContract', 'Contract', {
        number,
        providerId,
        tariffId: 'jobpath-ie',
        terms: [],
        validFrom: '2018-01-01',
        lots: [{ code: 'A', area: 'Munster' }],
      })
    ).id;
  const first = await organisation('PROVIDER', 'Bridge to Work');
  const second = await organisation('PROVIDER', 'Next Step');
  const cork = await organisation('MUNICIPALITY', 'City of Cork');
  const limerick = await organisation('MUNICIPALITY', 'City of Limerick');
  return {
    counsellor,
    manager,
    secondManager,
    provider: {
      id: first,
      adviser: await hub.system(manager, first, ['PROVIDER_ADVISER']),
      finance: await hub.system(manager, first, ['PROVIDER_FINANCE']),
      contractId: await contract(first, 'IE-1'),
    },
    otherProvider: {
      id: second,
      adviser: await hub.system(manager, second, ['PROVIDER_ADVISER']),
      contractId: await contract(second, 'IE-2'),
    },
    municipality: { id: cork, worker: await hub.system(manager, cork, ['MUNICIPALITY_WORKER']) },
    otherMunicipality: { id: limerick, worker: await hub.system(manager, limerick, ['MUNICIPALITY_WORKER']) },
  };
}

/** A person on record, referred to the first provider and waiting for its answer. Answers the ids as the authority knows them. */
export async function referPerson(
  programme: Programme,
  nationalId: string,
  offers = [programme.provider.contractId],
): Promise<{ personId: string; referralId: string }> {
  const { counsellor, municipality } = programme;
  const person = await succeed(counsellor, 'registerPerson', 'Person', {
    nationalId,
    givenName: 'Aoife',
    familyName: `Byrne ${nationalId}`,
    birthDate: '1985-05-05',
    phone: '+353 1 000 0000',
    municipalityId: municipality.id,
  });
  const referral = await succeed(counsellor, 'draftReferral', 'Referral', {
    personId: person.id,
    service: 'job-coaching',
    assessment: { source: 'profiling', assessedAt: '2018-02-20T10:00:00Z', reason: 'Interview on 20 February.' },
    unemployedSince: '2017-01-01',
    terms: [],
  });
  await succeed(counsellor, 'openChoice', 'Referral', {
    referralId: referral.id,
    contractIds: offers,
    chooseBy: '2018-12-31',
  });
  await succeed(counsellor, 'chooseProvider', 'Referral', {
    referralId: referral.id,
    contractId: offers[0],
    chosenBy: 'PERSON',
  });
  return { personId: person.id, referralId: referral.id };
}
