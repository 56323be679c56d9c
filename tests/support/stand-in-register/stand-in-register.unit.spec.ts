import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { answer } from './answers.js';
import { Records } from './records.js';
import { startStandInRegister, type StandInRegister } from './stand-in-register.js';

describe('the stand-in register', () => {
  it('knows after a restart what it was told before, and nothing of a line that a kill cut off', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'stand-in-register-'));
    const file = join(folder, 'registers.jsonl');
    const told = {
      ref: 'R',
      revision: 1,
      nationalId: 'P',
      enteredOn: '2018-01-01',
      withdrawn: false,
      from: '2018-01-01',
      to: null,
    };
    const question = 'persons/P/employment?question=OFF_LIVE_REGISTER&from=2018-02-01&to=2018-02-01&asOf=2018-02-01';
    const isOff = async (register: StandInRegister): Promise<unknown> =>
      (await fetch(`${register.url('DE')}/${question}`)).json();
    const first = await startStandInRegister(file);
    expect(await isOff(first)).toEqual({ answer: 'yes' });
    await fetch(`${first.url('DE')}/control/unemployment`, { method: 'POST', body: JSON.stringify([told]) });
    await first.stop();
    appendFileSync(file, '{"register":"DE","kind":"unem');
    const second = await startStandInRegister(file);
    expect(await isOff(second)).toEqual({ answer: 'no' });
    await second.stop();
    rmSync(folder, { recursive: true });
  });

  describe('answers', () => {
    const records = new Records();
    const spell = {
      contractType: 'OPEN_ENDED',
      contractMonths: null,
      weeklyHours: '35',
      normalHoursShare: null,
    } as const;
    const job = { ...spell, withdrawn: false, insured: true, employerNumber: 'IE 1', employerName: null };
    const first = {
      ...job,
      ref: 'A',
      revision: 1,
      nationalId: 'P',
      enteredOn: '2018-03-10',
      startedOn: '2018-03-01',
      endedOn: null,
    };
    records.jobs.push(first, { ...first, revision: 2, enteredOn: '2018-06-05', endedOn: '2018-05-31' });
    records.unemployment.push({
      ...{ ref: 'U', revision: 1, nationalId: 'P', enteredOn: '2018-06-02', withdrawn: false },
      ...{ from: '2018-06-01', to: null },
    });
    const ask = (question: string, from: string, to: string, asOf: string, employer = 'IE1') =>
      answer(records, { nationalId: 'P', question, from, to, asOf, employer });

    it.each([
      ['EMPLOYED_BY', '2018-03-01', '2018-04-01', '2018-03-09', 'unknown'],
      ['EMPLOYED_BY', '2018-03-01', '2018-04-01', '2018-03-10', 'yes'],
      ['EMPLOYED_BY', '2018-03-01', '2018-06-01', '2018-06-04', 'yes'],
      ['EMPLOYED_BY', '2018-03-01', '2018-06-01', '2018-06-05', 'no'],
      ['EMPLOYED_BY', '2018-02-01', '2018-03-20', '2018-03-20', 'no'],
      ['IN_WORK', '2018-03-01', '2018-05-31', '2018-06-05', 'yes'],
      ['IN_WORK', '2018-02-28', '2018-05-31', '2018-06-05', 'no'],
      ['OFF_LIVE_REGISTER', '2018-06-01', '2018-06-01', '2018-06-01', 'yes'],
      ['OFF_LIVE_REGISTER', '2018-06-01', '2018-06-01', '2018-06-02', 'no'],
      ['IN_WORK_AND_OFF_LIVE_REGISTER', '2018-03-01', '2018-05-31', '2018-06-05', 'yes'],
      ['IN_WORK_AND_OFF_LIVE_REGISTER', '2018-03-01', '2018-06-01', '2018-06-05', 'no'],
      ['IN_WORK_AND_OFF_LIVE_REGISTER', '2018-01-01', '2018-01-31', '2018-02-14', 'unknown'],
      ['IN_WORK_AND_OFF_LIVE_REGISTER', '2018-01-01', '2018-01-31', '2018-02-15', 'no'],
      ['LEFT_HANDED', '2018-01-01', '2018-01-31', '2018-02-15', undefined],
    ])('%s from %s to %s as of %s: %s', (question, from, to, asOf, expected) => {
      expect(ask(question, from, to, asOf)).toBe(expected);
    });
  });
});
