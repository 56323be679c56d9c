import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ConnectHub } from '#apps/cli/cli-hub.js';
import { runCli } from '#apps/cli/program.js';
import { EventLog } from '#libs/platform/events/event-log.js';
import type { GraphqlClient } from '#libs/testing/client.js';
import { command, openProgramme, referPerson, succeed, type Programme } from '../support/programme.js';
import { startTestHub, type TestHub } from '../support/test-hub.js';

interface SharedCase {
  readonly person: { readonly id: string; readonly givenName: string | null; readonly familyName: string | null };
  readonly phone: string | null;
  readonly referrals: readonly {
    readonly state: string;
    readonly providerName: string | null;
    readonly startedOn: string | null;
  }[];
  readonly plan: { readonly agreedOn: string; readonly goals: readonly string[] } | null;
  readonly team: readonly { readonly organisation: { readonly name: string } }[];
  readonly redactions: readonly { readonly path: string }[];
  readonly receiptId: string;
}

const ask = async (client: GraphqlClient, by: object, purpose = 'INTEGRATED_CASE'): Promise<SharedCase | null> =>
  (
    await client.ask<{ sharedCase: SharedCase | null }>(
      `query ($by: FindPersonInput!, $purpose: Purpose!) { sharedCase(purpose: $purpose, by: $by) {
         person { id givenName familyName } phone referrals { state providerName startedOn } plan { agreedOn goals }
         team { organisation { name } } redactions { path } receiptId } }`,
      { by, purpose },
    )
  ).sharedCase;

const refusedLooks = async (client: GraphqlClient, operation: string, personId?: string): Promise<number> => {
  const { accessLog } = await client.ask<{ accessLog: { edges: { node: { outcome: string; operation: string } }[] } }>(
    `query ($personId: ID) { accessLog(personId: $personId, first: 100) { edges { node { outcome operation } } } }`,
    { personId },
  );
  const looks = accessLog.edges.map(({ node }) => node);
  return looks.filter((look) => look.outcome === 'REFUSED' && look.operation === operation).length;
};

describe('a municipality’s worker', () => {
  let hub: TestHub;
  let programme: Programme;
  let person: { personId: string; referralId: string };
  /** How the first municipality knew the person, before the person moved. */
  let formerId: string;
  beforeAll(async () => {
    hub = await startTestHub();
    programme = await openProgramme(hub);
    person = await referPerson(programme, 'IE-1001');
    await hub.day('2018-03-02T08:00:00Z');
  }, 60_000);
  afterAll(() => hub.stop());

  it('finds nobody without a relation: a miss and a denial look the same', async () => {
    const { worker } = programme.municipality;
    expect(await ask(worker, { nationalId: 'IE-1001' })).toBeNull();
    expect(await ask(worker, { nationalId: 'IE-9999' })).toBeNull();
  });

  it('is not let in by an invitation alone: the person’s permission is a second condition', async () => {
    const { counsellor, municipality } = programme;
    await succeed(
      counsellor,
      'inviteToCaseTeam',
      'CaseTeam',
      { personId: person.personId, organisationId: municipality.id, purpose: 'INTEGRATED_CASE' },
      'personId members { organisation { name } }',
    );
    expect(await ask(municipality.worker, { nationalId: 'IE-1001' })).toBeNull();
  });

  it('sees the shared case for the stated purpose, by the national identifier', async () => {
    const { counsellor, municipality, provider } = programme;
    await succeed(
      counsellor,
      'recordPermission',
      'CaseTeam',
      {
        personId: person.personId,
        organisationId: municipality.id,
        purpose: 'INTEGRATED_CASE',
        effect: 'GIVEN',
        channel: 'PAPER',
      },
      'personId',
    );
    await succeed(provider.adviser, 'acceptReferral', 'Referral', {
      referralId: person.referralId,
      ownReference: 'P-17',
    });
    await succeed(provider.adviser, 'startReferral', 'Referral', {
      referralId: person.referralId,
      startedOn: '2018-03-02',
    });
    await succeed(
      provider.adviser,
      'agreePlan',
      'Plan',
      { referralId: person.referralId, agreedOn: '2018-03-02', goals: ['Forklift licence'] },
      'version',
    );
    await hub.settled();
    const page = await ask(municipality.worker, { nationalId: 'IE-1001' });
    expect(page).toMatchObject({
      person: { givenName: 'Aoife' },
      phone: '+353 1 000 0000',
      referrals: [{ state: 'STARTED', providerName: 'Bridge to Work', startedOn: '2018-03-02' }],
      plan: { agreedOn: '2018-03-02', goals: ['Forklift licence'] },
      team: [{ organisation: { name: 'City of Cork' } }],
      redactions: [],
    });
    expect(page?.person.id).not.toBe(person.personId);
  });

  it('finds the case again by its own reference', async () => {
    const { worker } = programme.municipality;
    const page = await ask(worker, { nationalId: 'IE-1001' });
    await succeed(
      worker,
      'setOwnReference',
      'CaseTeam',
      { personId: page?.person.id, ownReference: 'CORK-77' },
      'personId',
    );
    expect((await ask(worker, { ownReference: 'CORK-77' }))?.person.id).toBe(page?.person.id);
  });

  it('has the page again after somebody damaged the read model and the operator rebuilt it', async () => {
    const { worker } = programme.municipality;
    const before = await ask(worker, { nationalId: 'IE-1001' });
    await hub.database.asOwner(`update cases.person set shared_case = jsonb_set(shared_case, '{referrals}', '[]')`);
    expect((await ask(worker, { nationalId: 'IE-1001' }))?.referrals).toEqual([]);
    const said: string[] = [];
    const connect: ConnectHub = () =>
      Promise.resolve({
        unitOfWork: hub.database.unitOfWork,
        events: hub.app.get(EventLog),
        schemaFolder: 'schemas',
        close: () => Promise.resolve(),
      });
    const io = { out: (line: string) => said.push(line), error: (line: string) => said.push(line) };
    expect(await runCli(['cases', 'rebuild'], io, connect)).toBe(0);
    expect(said).toEqual(['1 shared cases rebuilt.']);
    expect(await ask(worker, { nationalId: 'IE-1001' })).toEqual({
      ...before,
      receiptId: expect.any(String) as unknown,
    });
  });

  it('sees nothing for another purpose, and other municipalities see nothing at all', async () => {
    expect(await ask(programme.municipality.worker, { nationalId: 'IE-1001' }, 'PAYMENT_VERIFICATION')).toBeNull();
    expect(await ask(programme.otherMunicipality.worker, { nationalId: 'IE-1001' })).toBeNull();
  });

  it('loses the case when the person moves, from that moment on', async () => {
    const { counsellor, municipality, otherMunicipality } = programme;
    formerId = (await ask(municipality.worker, { nationalId: 'IE-1001' }))?.person.id ?? '';
    await succeed(counsellor, 'movePerson', 'Person', {
      personId: person.personId,
      municipalityId: otherMunicipality.id,
      movedOn: '2018-03-02',
    });
    expect(await ask(municipality.worker, { nationalId: 'IE-1001' })).toBeNull();
    expect(await ask(otherMunicipality.worker, { nationalId: 'IE-1001' })).toBeNull();
    await succeed(
      counsellor,
      'recordPermission',
      'CaseTeam',
      {
        personId: person.personId,
        organisationId: otherMunicipality.id,
        purpose: 'INTEGRATED_CASE',
        effect: 'GIVEN',
        channel: 'PHONE',
      },
      'personId',
    );
    expect(await ask(otherMunicipality.worker, { nationalId: 'IE-1001' })).not.toBeNull();
  });

  it('changes nothing by an id it has kept, and the refused look stays in the log although nothing was done', async () => {
    const { counsellor, municipality } = programme;
    const kept = { personId: formerId, ownReference: 'CORK-78' };
    expect(await command(municipality.worker, 'setOwnReference', 'CaseTeam', kept, 'personId')).toMatchObject({
      code: 'person.not-found',
    });
    expect(await refusedLooks(counsellor, 'setOwnReference', person.personId)).toBe(1);
    expect(await refusedLooks(municipality.worker, 'setOwnReference')).toBe(1);
    const move = { personId: 'nobody', municipalityId: municipality.id, movedOn: '2018-03-02' };
    expect(await command(counsellor, 'movePerson', 'Person', move)).toMatchObject({ code: 'person.not-found' });
    expect(await refusedLooks(counsellor, 'movePerson')).toBe(1);
  });

  it('follows a person who moves in the very moment of the invitation', async () => {
    const { counsellor, municipality, otherMunicipality } = programme;
    const moving = await succeed(counsellor, 'registerPerson', 'Person', {
      nationalId: 'IE-1002',
      givenName: 'Niamh',
      familyName: 'Daly',
      birthDate: '1990-01-01',
      municipalityId: municipality.id,
    });
    const personId = moving.id;
    for (const organisationId of [municipality.id, otherMunicipality.id]) {
      const given = { purpose: 'INTEGRATED_CASE', effect: 'GIVEN', channel: 'PAPER' };
      await succeed(counsellor, 'recordPermission', 'CaseTeam', { personId, organisationId, ...given }, 'personId');
    }
    const invitation = { personId, organisationId: municipality.id, purpose: 'INTEGRATED_CASE' };
    await succeed(counsellor, 'inviteToCaseTeam', 'CaseTeam', invitation, 'personId');
    // The page as it stands while its reaction lags behind.
    await hub.settled();
    await hub.database.asOwner(`update cases.person set shared_case = jsonb_set(shared_case, '{team}', '[]')`);
    const move = { personId, municipalityId: otherMunicipality.id, movedOn: '2018-03-02' };
    await succeed(counsellor, 'movePerson', 'Person', move);
    expect(await ask(municipality.worker, { nationalId: 'IE-1002' })).toBeNull();
    expect(await ask(otherMunicipality.worker, { nationalId: 'IE-1002' })).not.toBeNull();
    await hub.settled();
    expect((await ask(otherMunicipality.worker, { nationalId: 'IE-1002' }))?.team).toEqual([
      { organisation: { name: 'City of Limerick' } },
    ]);
  });

  it('is told that a reference of its own is another person’s', async () => {
    const { worker } = programme.otherMunicipality;
    const refer = async (nationalId: string): Promise<object> => {
      const personId = (await ask(worker, { nationalId }))?.person.id;
      return command(worker, 'setOwnReference', 'CaseTeam', { personId, ownReference: 'LIM-1' }, 'personId');
    };
    expect(await refer('IE-1001')).toMatchObject({ __typename: 'CaseTeam' });
    expect(await refer('IE-1001')).toMatchObject({ __typename: 'CaseTeam' });
    expect(await refer('IE-1002')).toMatchObject({ code: 'person.own-reference-taken', field: 'ownReference' });
  });

  it('leaves a trace of every look, refused ones too, which the authority can read', async () => {
    const log = await programme.counsellor.ask<{
      accessLog: { edges: { node: { outcome: string; organisation: string; reason: string | null } }[] };
    }>(
      `query ($personId: ID!) { accessLog(personId: $personId, first: 100) { edges { node { outcome organisation purpose operation categories reason } } } }`,
      { personId: person.personId },
    );
    const looks = log.accessLog.edges.map(({ node }) => node).filter((node) => node.organisation.startsWith('City'));
    expect(looks.filter((look) => look.outcome === 'REFUSED').map((look) => look.reason)).toEqual(
      expect.arrayContaining(['NO_RELATION', 'PERMISSION_MISSING']),
    );
    expect(looks.filter((look) => look.outcome === 'SHOWN').length).toBeGreaterThanOrEqual(3);
  });
});
