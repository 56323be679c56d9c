import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startPostgres, type TestDatabase } from '#libs/testing/postgres.js';
import { createDataSource } from './data-source.js';
import { PlatformKeptAnswers2026112300060 } from './migrations/0060-kept-answers.js';

const AUTHORITY = '0190a0a0-0000-7000-8000-000000000001';
const referral = { id: 'r', state: 'ACCEPTED', version: 4, personId: 'p', acceptedOn: '2018-03-01' };

describe('answers that were kept whole', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await startPostgres();
  });
  afterAll(() => database.stop());

  it('lose what they tell of a person, and nothing else; what is about nobody stays as it is', async () => {
    const earlier = [
      {
        ...{ __typename: 'Referral', ...referral, personName: 'Aoife Byrne', price: { terms: [] }, timeline: [] },
        ...{ reasonCode: 'Aoife', authority: { id: AUTHORITY, name: 'PES' }, provider: null },
      },
      { __typename: 'Plan', referralId: 'r', version: 2, agreedOn: '2018-03-01', goals: ['Aoife works'] },
      { __typename: 'Person', id: 'p', givenName: 'Aoife', municipality: { id: 'm', name: 'Cork' } },
      { __typename: 'Contract', id: 'c', number: 'IE-1' },
    ];
    for (const [index, answer] of earlier.entries())
      await database.asOwner(
        `insert into platform.idempotency (owner, key, command, fingerprint, answer) values ('x', $1, 'x', 'x', $2::jsonb)`,
        [String(index), JSON.stringify(answer)],
      );
    const owner = await createDataSource({ url: database.ownerUrl, migrations: [] }).initialize();
    const runner = owner.createQueryRunner();
    await new PlatformKeptAnswers2026112300060().up(runner);
    await runner.release();
    await owner.destroy();
    const kept = await database.asOwner(`select answer from platform.idempotency order by key`);
    expect(kept).toEqual([
      { answer: { ...referral, authorityId: AUTHORITY, providerId: null } },
      { answer: { referralId: 'r', version: 2 } },
      { answer: { id: 'p', municipalityId: 'm' } },
      { answer: earlier[3] },
    ]);
  });
});
