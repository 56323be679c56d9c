import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { command, openProgramme, referPerson, succeed, type Programme } from '../support/programme.js';
import { startTestHub, type TestHub } from '../support/test-hub.js';

interface Claim {
  readonly id: string;
  readonly number: string;
  readonly state: string;
  readonly why: string;
  readonly askedMinor: string;
  readonly paidMinor: string;
  readonly personId: string;
}

describe('a provider’s finance officer', () => {
  let hub: TestHub;
  let programme: Programme;
  beforeAll(async () => {
    hub = await startTestHub();
    programme = await openProgramme(hub);
    for (const nationalId of ['IE-5001', 'IE-5002']) {
      const { referralId } = await referPerson(programme, nationalId);
      await succeed(programme.provider.adviser, 'acceptReferral', 'Referral', { referralId });
      await succeed(
        programme.provider.adviser,
        'agreePlan',
        'Plan',
        { referralId, agreedOn: '2018-03-01', goals: ['Work'] },
        'version',
      );
    }
    await hub.day('2018-03-06T09:00:00Z');
  }, 60_000);
  afterAll(() => hub.stop());

  const claims = async (): Promise<readonly Claim[]> =>
    (
      await programme.provider.finance.ask<{ claims: { edges: { node: Claim }[] } }>(
        `{ claims { edges { node { id number state why askedMinor paidMinor personId } } } }`,
      )
    ).claims.edges.map(({ node }) => node);

  it('sees each claim that the hub made, and why it has its amount', async () => {
    const seen = await claims();
    expect(seen).toHaveLength(2);
    expect(seen[0]).toMatchObject({ state: 'IN_VALIDATION', askedMinor: '31100', paidMinor: '0' });
    expect(seen[0]?.why).toMatch(/plan-agreed.*1 March 2018.*311\.00/);
  });

  it('sees nothing of other providers, and other providers nothing of it', async () => {
    const stranger = await hub.system(programme.manager, programme.otherProvider.id, ['PROVIDER_FINANCE']);
    const { claims: theirs } = await stranger.ask<{ claims: { edges: object[] } }>(
      `{ claims { edges { node { id } } } }`,
    );
    expect(theirs.edges).toEqual([]);
    const [own] = await claims();
    const { claim } = await stranger.ask<{ claim: object | null }>(`query ($id: ID!) { claim(id: $id) { id } }`, {
      id: own?.id,
    });
    expect(claim).toBeNull();
    expect(await command(stranger, 'disputeClaim', 'Claim', { claimId: own?.id, reason: 'not mine' })).toMatchObject({
      __typename: 'Refusal',
    });
  });

  it('disputes a claim with a reason, and reads the authority’s answer', async () => {
    const [first] = await claims();
    expect(
      await command(programme.provider.finance, 'disputeClaim', 'Claim', { claimId: first?.id, reason: ' ' }),
    ).toMatchObject({ __typename: 'Refusal' });
    const disputed = await succeed(
      programme.provider.finance,
      'disputeClaim',
      'Claim',
      { claimId: first?.id, reason: 'The plan was agreed in February.' },
      'state',
    );
    expect(disputed['state']).toBe('DISPUTED');
    await succeed(
      programme.manager,
      'answerDispute',
      'Claim',
      { claimId: first?.id, upheld: false, answer: 'The signed plan says 1 March.' },
      'state',
    );
    expect((await claims()).find(({ id }) => id === first?.id)?.state).not.toBe('DISPUTED');
  });

  it('finds certified claims on the statement of the month, with a payable of the same sum', async () => {
    await hub.day('2018-03-20T09:00:00Z');
    const batch = await succeed(
      programme.manager,
      'approveClaims',
      'ClaimBatch',
      { dueUntil: '2018-03-20' },
      'id count sumMinor',
    );
    await succeed(programme.secondManager, 'certifyClaims', 'ClaimBatch', {
      batchId: batch.id,
      count: batch['count'],
      sumMinor: batch['sumMinor'],
    });
    await hub.day('2018-04-01T09:00:00Z');
    const { providerStatements } = await programme.provider.finance.ask<{
      providerStatements: {
        edges: {
          node: {
            month: string;
            netMinor: string;
            lines: { amountMinor: string }[];
            payable: { state: string; amountMinor: string };
          };
        }[];
      };
    }>(
      `{ providerStatements { edges { node { month netMinor lines { amountMinor text } payable { state amountMinor } } } } }`,
    );
    const [statement] = providerStatements.edges.map(({ node }) => node);
    expect(statement).toMatchObject({
      month: '2018-03',
      netMinor: String(batch['sumMinor']),
      payable: { state: 'OPEN', amountMinor: String(batch['sumMinor']) },
    });
    expect(statement?.lines.reduce((sum, line) => sum + BigInt(line.amountMinor), 0n).toString()).toBe(
      statement?.netMinor,
    );
  });

  it('names a new account, and is told what is wrong with one that cannot be', async () => {
    const propose = (iban: string): Promise<object> =>
      command(
        programme.provider.finance,
        'proposePayeeAccount',
        'PayeeAccount',
        { iban, holder: 'Bridge to Work' },
        'id state',
      );
    expect(await propose('NL91ABNA0417164301')).toMatchObject({ code: 'payee-account.iban' });
    expect(await propose('NL91 ABNA 0417 1643 00')).toMatchObject({ state: 'PROPOSED' });
  });
});
