import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ConnectHub } from '#apps/cli/cli-hub.js';
import { runCli } from '#apps/cli/program.js';
import { localDate } from '#libs/kernel/index.js';
import { EventLog } from '#libs/platform/events/event-log.js';
import type { GraphqlClient } from '#libs/testing/client.js';
import { command, openProgramme, referPerson, succeed, type Programme } from '../support/programme.js';
import { runBankDay } from '../support/stand-in-bank/bank.js';
import { USUAL } from '../support/stand-in-bank/habits.js';
import { startTestHub, type TestHub } from '../support/test-hub.js';

const AUTHORITY_IBAN = 'IE29AIBK93115212345678';
const CLOSED_IBAN = 'IE64IRCE92050112345678';
const NEW_IBAN = 'NL91ABNA0417164300';

interface Claim {
  readonly id: string;
  readonly state: string;
  readonly feeId: string;
  readonly why: string;
  readonly askedMinor: string;
  readonly findings: readonly { readonly code: string }[];
}
interface Payable {
  readonly id: string;
  readonly state: string;
  readonly amountMinor: string;
  readonly endToEndId: string | null;
  readonly reason: string | null;
}

describe('a contract manager', () => {
  let hub: TestHub;
  let programme: Programme;
  const folder = mkdtempSync(join(tmpdir(), 'liaison-bank-'));
  beforeAll(async () => {
    hub = await startTestHub();
    programme = await openProgramme(hub);
    for (const [number, nationalId] of ['IE-3001', 'IE-3002', 'IE-3003'].entries()) {
      const { referralId } = await referPerson(programme, nationalId);
      await succeed(programme.provider.adviser, 'acceptReferral', 'Referral', {
        referralId,
        ownReference: `B-${number}`,
      });
      await succeed(
        programme.provider.adviser,
        'agreePlan',
        'Plan',
        { referralId, agreedOn: '2018-03-01', goals: ['Work'] },
        'version',
      );
    }
    await hub.day('2018-03-20T09:00:00Z');
  }, 90_000);
  afterAll(async () => {
    await hub.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const claims = async (client: GraphqlClient, args = ''): Promise<readonly Claim[]> =>
    (
      await client.ask<{ claims: { edges: { node: Claim }[] } }>(
        `{ claims(first: 50${args}) { edges { node { id state feeId why askedMinor findings { code } } } } }`,
      )
    ).claims.edges.map(({ node }) => node);
  const payables = async (): Promise<readonly Payable[]> =>
    (
      await programme.manager.ask<{ payables: { edges: { node: Payable }[] } }>(
        `{ payables { edges { node { id state amountMinor endToEndId reason } } } }`,
      )
    ).payables.edges.map(({ node }) => node);
  const summary = async (): Promise<{
    trialBalance: { amountMinor: string }[];
    breaksByReason: { code: string; count: number }[];
  }> =>
    (
      await programme.manager.ask<{
        programmeSummary: {
          trialBalance: { amountMinor: string }[];
          breaksByReason: { code: string; count: number }[];
        };
      }>(`{ programmeSummary { trialBalance { currency amountMinor } breaksByReason { code count } } }`)
    ).programmeSummary;
  /** The operator's command line on the same database. */
  async function liaison(...args: readonly string[]): Promise<{ out: string; error: string; code: number }> {
    const [out, error]: [string[], string[]] = [[], []];
    const connect: ConnectHub = () =>
      Promise.resolve({
        unitOfWork: hub.database.unitOfWork,
        events: hub.app.get(EventLog),
        schemaFolder: 'schemas',
        close: () => Promise.resolve(),
      });
    const io = { out: (line: string) => out.push(line), error: (line: string) => error.push(line) };
    const code = await runCli(args, io, connect);
    return { out: out.join('\n'), error: error.join('\n'), code };
  }
  const batch = { batchId: '', count: 0, sumMinor: '' };

  it('sees claims that the hub made, each with its reason', async () => {
    const seen = await claims(programme.manager);
    expect(seen.map(({ feeId, askedMinor, state, findings }) => [feeId, askedMinor, state, findings])).toEqual(
      Array.from({ length: 3 }, () => ['registration', '31100', 'IN_VALIDATION', []]),
    );
    expect(seen[0]?.why).toContain('311.00');
  });

  it('approves in one step all that passed every check; a second person certifies, the first one cannot', async () => {
    const approved = await succeed(
      programme.manager,
      'approveClaims',
      'ClaimBatch',
      { dueUntil: '2018-03-20' },
      'id count sumMinor hash',
    );
    expect(approved).toMatchObject({ count: 3, sumMinor: '93300' });
    Object.assign(batch, { batchId: approved.id, count: approved['count'], sumMinor: approved['sumMinor'] });
    expect(await command(programme.manager, 'certifyClaims', 'ClaimBatch', batch)).toMatchObject({
      code: 'settlement.same-person',
    });
    const other = { ...batch, sumMinor: '93301' };
    expect((await command(programme.secondManager, 'certifyClaims', 'ClaimBatch', other)).__typename).toBe('Refusal');
    expect((await succeed(programme.secondManager, 'certifyClaims', 'ClaimBatch', batch, 'id state'))['state']).toBe(
      'CERTIFIED',
    );
    expect((await claims(programme.manager)).every(({ state }) => state === 'CERTIFIED')).toBe(true);
    expect((await summary()).trialBalance).toEqual([{ currency: 'EUR', amountMinor: '0' }]);
  });

  it('sees what another version would have cost on the programme’s own facts, and that the same one costs the same', async () => {
    const file = join(folder, 'programme.ndjson');
    const recorded = await liaison('tariff', 'facts', '--tariff', 'jobpath-ie', '--as-of', '2018-03-20');
    expect(recorded).toMatchObject({ code: 0, error: '' });
    expect(recorded.out.split('\n')).toHaveLength(3);
    for (const named of ['IE-3001', 'Aoife', programme.provider.id]) expect(recorded.out).not.toContain(named);
    writeFileSync(file, recorded.out);
    const published = 'schemas/tariffs/jobpath-ie.2015.yaml';
    const dearer = join(folder, 'dearer.yaml');
    writeFileSync(dearer, readFileSync(published, 'utf8').replace('registrationFee: 311', 'registrationFee: 321'));
    const same = await liaison('tariff', 'simulate', published, published, '--facts', file);
    expect(same.out).toMatch(/registration +3 +3 +0 +0 +933\.00 +933\.00 +0\.00/);
    const more = await liaison('tariff', 'simulate', published, dearer, '--facts', file);
    expect(more.out).toMatch(/registration +3 +3 +0 +0 +933\.00 +963\.00 +30\.00/);
    expect(await liaison('tariff', 'facts', '--tariff', 'nobody')).toMatchObject({ code: 1, out: '' });
  });

  it('moves running referrals to a published version only', async () => {
    const change = { tariffId: 'jobpath-ie', fromVersion: '2015', toVersion: '2030', reason: 'Agreed.' };
    expect(await command(programme.manager, 'proposeVersionChange', 'VersionChange', change)).toMatchObject({
      __typename: 'Refusal',
      code: 'tariff.no-version',
    });
    const { versionChanges } = await programme.manager.ask<{ versionChanges: { edges: unknown[] } }>(
      `{ versionChanges { edges { node { id state referrals } } } }`,
    );
    expect(versionChanges.edges).toEqual([]);
    expect(await programme.provider.finance.send(`{ versionChanges { edges { node { id } } } }`)).toMatchObject({
      errors: [{ extensions: { code: 'FORBIDDEN' } }],
    });
  });

  it('cannot be replaced by a machine: a system neither approves nor certifies', async () => {
    const machine = await hub.system(programme.manager, hub.authorityId, ['CONTRACT_MANAGER']);
    expect(await command(machine, 'approveClaims', 'ClaimBatch', { dueUntil: '2018-03-20' })).toMatchObject({
      __typename: 'Refusal',
    });
  });

  it('cannot be two people by way of an account it gave', async () => {
    const puppet = await hub.system(programme.manager, programme.provider.id, ['PROVIDER_FINANCE']);
    const proposed = await succeed(puppet, 'proposePayeeAccount', 'PayeeAccount', {
      iban: NEW_IBAN,
      holder: 'Evil Ltd',
    });
    expect(
      await command(programme.manager, 'confirmPayeeAccount', 'PayeeAccount', { accountId: proposed.id }),
    ).toMatchObject({ code: 'settlement.same-person' });
    const machine = await hub.system(programme.manager, hub.authorityId, ['CONTRACT_MANAGER']);
    const staff = { issuer: hub.issuer, subject: 'puppet', roles: ['CONTRACT_MANAGER'] };
    for (const who of [machine, programme.manager])
      expect(await command(who, 'registerStaff', 'Staff', staff)).toMatchObject({ __typename: 'Refusal' });
  });

  it('gives an account to somebody, not to nobody', async () => {
    const { manager, municipality } = programme;
    const staff = { organisationId: municipality.id, issuer: hub.issuer, roles: ['MUNICIPALITY_WORKER'] };
    for (const subject of ['', ' ', 'x'.repeat(256)])
      expect(await command(manager, 'registerStaff', 'Staff', { ...staff, subject })).toMatchObject({
        code: 'staff.subject',
        field: 'subject',
      });
  });

  it('pays nobody whose account was not confirmed by another person', async () => {
    await hub.day('2018-04-04T09:00:00Z');
    const own = await succeed(programme.manager, 'proposePayeeAccount', 'PayeeAccount', {
      iban: AUTHORITY_IBAN,
      holder: 'Department of Work',
    });
    expect(
      await command(programme.manager, 'confirmPayeeAccount', 'PayeeAccount', { accountId: own.id }),
    ).toMatchObject({ __typename: 'Refusal' });
    await succeed(programme.secondManager, 'confirmPayeeAccount', 'PayeeAccount', { accountId: own.id });
    expect(
      await command(programme.manager, 'preparePaymentFile', 'PaymentFile', { executionDate: '2018-04-05' }),
    ).toMatchObject({
      __typename: 'Refusal',
    });
    const account = await succeed(programme.provider.finance, 'proposePayeeAccount', 'PayeeAccount', {
      iban: CLOSED_IBAN,
      holder: 'Bridge to Work',
    });
    await succeed(programme.secondManager, 'confirmPayeeAccount', 'PayeeAccount', { accountId: account.id });
  });

  const payAndLive = async (
    executionDate: string,
    days: readonly string[],
    closedAccounts: readonly string[],
    stray = false,
  ): Promise<void> => {
    const prepared = await succeed(programme.manager, 'preparePaymentFile', 'PaymentFile', { executionDate });
    expect(
      await command(programme.manager, 'releasePaymentFile', 'PaymentFile', { paymentFileId: prepared.id }),
    ).toMatchObject({
      code: 'settlement.same-person',
    });
    const file = await succeed(
      programme.secondManager,
      'releasePaymentFile',
      'PaymentFile',
      { paymentFileId: prepared.id },
      'messageId content',
    );
    writeFileSync(join(folder, `${String(file['messageId'])}.xml`), String(file['content']));
    for (const day of days) {
      await hub.day(`${day}T09:00:00Z`);
      const report = runBankDay({
        inFolder: folder,
        outFolder: join(folder, 'out'),
        day: localDate(day),
        habits: { ...USUAL, seed: 'journey', rejectPerMille: 0, returnPerMille: 0, loseIdPerMille: 0, closedAccounts },
        strays:
          stray && day === days[0] ? [{ account: AUTHORITY_IBAN, amountMinor: -4_200n, text: 'Unknown purpose' }] : [],
      });
      for (const name of [...report.answers, ...report.statements]) {
        const content = readFileSync(join(folder, 'out', `${name}.xml`), 'utf8');
        await succeed(programme.manager, 'importBankFile', 'BankImport', { name, content }, 'kind duplicate');
        const again = await succeed(
          programme.manager,
          'importBankFile',
          'BankImport',
          { name, content },
          'kind duplicate',
        );
        expect(again['duplicate']).toBe(true);
      }
    }
  };

  it('sees a payment come back from a closed account: the payable is held, with the bank’s reason', async () => {
    await payAndLive(
      '2018-04-05',
      ['2018-04-05', '2018-04-06', '2018-04-09', '2018-04-10', '2018-04-11'],
      [CLOSED_IBAN],
      true,
    );
    expect(await payables()).toMatchObject([{ state: 'HELD', amountMinor: '93300', reason: 'AC04' }]);
    expect((await summary()).trialBalance).toEqual([{ currency: 'EUR', amountMinor: '0' }]);
  });

  it('pays it again to the new account, under a new end-to-end id, and finds it on the bank’s statement', async () => {
    const [before] = await payables();
    expect(
      await command(programme.secondManager, 'releaseHeldPayable', 'Payable', { payableId: before?.id }),
    ).toMatchObject({
      code: 'payable.no-account',
    });
    const account = await succeed(programme.provider.finance, 'proposePayeeAccount', 'PayeeAccount', {
      iban: NEW_IBAN,
      holder: 'Bridge to Work',
    });
    await succeed(programme.secondManager, 'confirmPayeeAccount', 'PayeeAccount', { accountId: account.id });
    await succeed(programme.secondManager, 'releaseHeldPayable', 'Payable', { payableId: before?.id });
    await payAndLive('2018-04-13', ['2018-04-13', '2018-04-16'], [CLOSED_IBAN]);
    const [after] = await payables();
    expect(after).toMatchObject({ state: 'RECONCILED', amountMinor: '93300' });
    expect(after?.endToEndId).not.toBe(before?.endToEndId);
  });

  it('finds the line that nobody can place in the queue, with its kind', async () => {
    expect((await summary()).breaksByReason).toEqual([{ code: 'unmatched-bank', count: 1 }]);
    const { unmatchedItems } = await programme.manager.ask<{
      unmatchedItems: { edges: { node: { kind: string; amountMinor: string } }[] };
    }>(`{ unmatchedItems { edges { node { kind amountMinor since text } } } }`);
    expect(unmatchedItems.edges).toMatchObject([{ node: { kind: 'unmatched-bank', amountMinor: '-4200' } }]);
  });

  it('settles it with a colleague as another business of the account: the queue is empty, and so is suspense', async () => {
    const { unmatchedItems } = await programme.manager.ask<{ unmatchedItems: { edges: { node: { id: string } }[] } }>(
      `{ unmatchedItems { edges { node { id } } } }`,
    );
    const said = {
      itemId: unmatchedItems.edges[0]!.node.id,
      as: 'OTHER_BUSINESS',
      reason: 'The canteen uses it, too.',
    };
    const selection = 'open settlement { as proposedBy confirmedBy }';
    const settle = (who: typeof programme.manager) =>
      succeed(who, 'settleUnmatchedItem', 'UnmatchedItem', said, selection);
    expect(await settle(programme.manager)).toMatchObject({ open: true, settlement: { confirmedBy: null } });
    expect(await settle(programme.secondManager)).toMatchObject({ open: false, settlement: { as: 'OTHER_BUSINESS' } });
    expect((await summary()).breaksByReason).toEqual([]);
    expect((await summary()).trialBalance).toEqual([{ currency: 'EUR', amountMinor: '0' }]);
  });

  it.each([
    ['that is cut off', (xml: string) => xml.slice(0, xml.length / 2), 'bank-file.truncated'],
    ['that is not XML', () => 'HALLO', 'bank-file.not-xml'],
    [
      'of an unknown kind',
      () => '<?xml version="1.0"?><Document xmlns="urn:x"><Y/></Document>',
      'bank-file.unknown-message',
    ],
  ])(
    'is told in one sentence what is wrong with a bank file %s, and nothing is applied',
    async (_what, spoil, code) => {
      const { bankStatements } = await programme.manager.ask<{ bankStatements: { edges: object[] } }>(
        `{ bankStatements { edges { node { id } } } }`,
      );
      const example = readFileSync(
        new URL('../../schemas/doors/iso20022/statement.camt.053.001.08.xml', import.meta.url),
        'utf8',
      );
      expect(
        await command(
          programme.manager,
          'importBankFile',
          'BankImport',
          { name: 'x.xml', content: spoil(example) },
          'kind',
        ),
      ).toMatchObject({ code });
      const after = await programme.manager.ask<{ bankStatements: { edges: object[] } }>(
        `{ bankStatements { edges { node { id } } } }`,
      );
      expect(after.bankStatements.edges).toHaveLength(bankStatements.edges.length);
    },
  );
});
