import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { newId } from '#libs/platform/postgres/index.js';
import { ATTEMPTS, OutcomesWorld } from '#tests/support/outcomes-world.js';

let world: OutcomesWorld;
beforeAll(async () => {
  world = await OutcomesWorld.start();
});
beforeEach(() => world.begin());
afterAll(() => world.stop());

describe('a question of pricing', () => {
  const ask = async (personId: string, referralId: string, more: object = {}): Promise<string> => {
    const verificationId = newId();
    const question = {
      question: 'IN_WORK_AND_OFF_LIVE_REGISTER',
      from: '2018-05-02',
      to: '2018-05-31',
      earliest: '2018-06-01',
    };
    await world.publish('liaison.verification.asked.v1', verificationId, {
      verificationId,
      referralId,
      personId,
      authorityId: world.authorityId,
      ...question,
      ...more,
    });
    return verificationId;
  };
  const answers = async (verificationId: string): Promise<unknown[]> => {
    await world.events.drain();
    const rows = await world.database.asOwner<{ data: { answer: string; asOf: string } }>(
      `select data from platform.event_log where subject = $1 and type = 'liaison.verification.answered.v1' order by partition, "offset"`,
      [verificationId],
    );
    return rows.map(({ data }) => [data.answer, data.asOf]);
  };

  it('is answered by the register as of the day', async () => {
    const { personId, referralId, nationalId } = await world.accepted(world.adviser);
    await world.tell('jobs', [world.job(nationalId)]);
    const first = await ask(personId, referralId);
    await world.work();
    expect(await answers(first)).toEqual([['YES', '2018-06-01']]);
    await world.tell('unemployment', [
      {
        ref: `U-${nationalId}`,
        revision: 1,
        nationalId,
        enteredOn: '2018-06-01',
        withdrawn: false,
        from: '2018-05-20',
        to: null,
      },
    ]);
    const second = await ask(personId, referralId);
    await world.work();
    expect(await answers(second)).toEqual([['NO', '2018-06-01']]);
  });

  it('waits for the first day on which it can be asked, and is asked once', async () => {
    const { personId, referralId, nationalId } = await world.accepted(world.adviser);
    await world.tell('jobs', [world.job(nationalId)]);
    const id = await ask(personId, referralId, { earliest: '2018-06-04' });
    await ask(personId, referralId, { verificationId: id, earliest: '2018-06-04' });
    expect(await world.take('ask-register-for-verification')).toEqual([]);
    await world.openDay('2018-06-04');
    await world.work();
    await world.openDay('2018-06-05');
    await world.work();
    expect(await answers(id)).toEqual([['YES', '2018-06-04']]);
  });

  it('that nobody could answer is UNKNOWN, and asked again on a later day', async () => {
    const { personId, referralId, nationalId } = await world.accepted(world.adviser);
    await world.tell('jobs', [world.job(nationalId)]);
    await world.behave('failing', ATTEMPTS);
    const id = await ask(personId, referralId);
    await world.work();
    expect(await answers(id)).toEqual([['UNKNOWN', '2018-06-01']]);
    await world.openDay('2018-06-02');
    await world.work();
    expect(await answers(id)).toEqual([
      ['UNKNOWN', '2018-06-01'],
      ['YES', '2018-06-02'],
    ]);
  });

  it('run twice is answered once; one the register does not know is UNKNOWN', async () => {
    const { personId, referralId, nationalId } = await world.accepted(world.adviser);
    await world.tell('jobs', [world.job(nationalId)]);
    const id = await ask(personId, referralId);
    const [question] = await world.take('ask-register-for-verification');
    await Promise.all([question!.run(), question!.run()]);
    expect(await answers(id)).toEqual([['YES', '2018-06-01']]);
    const strange = await ask(personId, referralId, { question: 'LEFT_HANDED' });
    await world.work();
    expect(await answers(strange)).toEqual([['UNKNOWN', '2018-06-01']]);
  });
});
