import { describe, expect, it } from '@jest/globals';
import { localDate } from '#libs/kernel/index.js';
import { commitmentStateOf, type CommitmentState, type Prospect } from './commitment.js';

const LAST = '2018-06-30';

describe('a commitment', () => {
  it.each<readonly [string, Prospect, string | null, string, CommitmentState]>([
    ['keeps its budget while the service goes on', 'with-new-facts', null, '2019-06-30', 'APPROVED'],
    ['keeps it as long as a job may begin that counts', 'with-new-facts', LAST, LAST, 'APPROVED'],
    ['frees it on the day after', 'with-new-facts', LAST, '2018-07-01', 'SETTLED'],
    ['keeps it for what becomes due by itself', 'by-itself', LAST, '2019-06-30', 'APPROVED'],
    ['frees it at once when nothing can become due', 'none', null, '2018-06-01', 'SETTLED'],
  ])('%s', (_, prospect, last, today, state) => {
    const lastDayForJobs = last === null ? null : localDate(last);
    expect(commitmentStateOf({ void: false, prospect, lastDayForJobs, today: localDate(today) })).toBe(state);
  });

  it('is cancelled when the referral was never real', () => {
    const today = localDate('2018-06-01');
    expect(commitmentStateOf({ void: true, prospect: 'by-itself', lastDayForJobs: null, today })).toBe('CANCELLED');
  });
});
