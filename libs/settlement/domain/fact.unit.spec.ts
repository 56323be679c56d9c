import { describe, expect, it } from '@jest/globals';
import { localDate, type Id } from '#libs/kernel/index.js';
import { factsOf, isPastJob, type Engagement, type FactBody, type StoredFact } from './fact.js';

const engagement = (referralId: string, acceptedOn: string): Engagement =>
  ({ referralId: referralId as Id<'Referral'>, locked: { acceptedOn: localDate(acceptedOn) } }) as Engagement;
const fact = (referralId: string | null, body: FactBody): StoredFact =>
  ({ key: `${referralId}:${body.kind}`, referralId, body }) as StoredFact;
const job = (startedOn: string): StoredFact =>
  fact(null, { kind: 'SPELL', standing: 'VERIFIED', spell: { startedOn: localDate(startedOn) } } as FactBody);
const ended = (referralId: string, endedOn: string): StoredFact =>
  fact(referralId, { kind: 'REFERRAL_ENDED', endedOn: localDate(endedOn), code: 'JOB' });

const first = engagement('first', '2018-01-10');
const second = engagement('second', '2018-06-01');
const countFor = (facts: readonly StoredFact[]) =>
  [first, second]
    .filter((each) =>
      factsOf(each, [first, second], facts).some((of) => of.body.kind === 'SPELL' && !isPastJob(each, of)),
    )
    .map((each) => each.referralId);

describe('a job that names no referral', () => {
  it('counts for the referrals that were open when it began', () => {
    expect(countFor([job('2018-03-01')])).toEqual(['first']);
    expect(countFor([job('2018-07-01')])).toEqual(['first', 'second']);
    expect(countFor([job('2018-07-01'), ended('first', '2018-05-01')])).toEqual(['second']);
    expect(countFor([job('2018-03-01'), ended('first', '2018-03-01')])).toEqual(['first']);
  });

  it('counts for the last one accepted where none was open, and for none that was accepted later', () => {
    expect(countFor([job('2018-05-15'), ended('first', '2018-05-01')])).toEqual(['first']);
    expect(countFor([job('2018-01-09')])).toEqual([]);
  });

  it("is nobody's where it begins more than 90 days after the last service ended", () => {
    expect(countFor([job('2018-09-29'), ended('first', '2018-05-01'), ended('second', '2018-07-01')])).toEqual([
      'second',
    ]);
    expect(countFor([job('2018-09-30'), ended('first', '2018-05-01'), ended('second', '2018-07-01')])).toEqual([]);
  });

  it('is a past job for the referrals that were accepted after it began, also where it counted for an earlier one', () => {
    const pastFor = (told: StoredFact) =>
      [first, second].filter((each) => factsOf(each, [first, second], [told]).some((of) => isPastJob(each, of)));
    expect(pastFor(job('2018-01-09'))).toEqual([first, second]);
    expect(pastFor({ ...job('2018-03-01'), referralId: first.referralId })).toEqual([second]);
    expect(pastFor(job('2018-06-01'))).toEqual([]);
  });

  it('does not count for a referral that was never real', () => {
    expect(countFor([job('2018-07-01'), fact('second', { kind: 'REFERRAL_VOID', code: 'ENTERED_IN_ERROR' })])).toEqual([
      'first',
    ]);
  });
});
