import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
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
    const answer = async (register: StandInRegister): Promise<unknown> =>
      (await fetch(`${register.url('DE')}/${question}`)).json();
    const first = await startStandInRegister(file);
    expect(await answer(first)).toEqual({ answer: 'yes' });
    await fetch(`${first.url('DE')}/control/unemployment`, { method: 'POST', body: JSON.stringify([told]) });
    await first.stop();
    appendFileSync(file, '{"register":"DE","kind":"unem');
    const second = await startStandInRegister(file);
    expect(await answer(second)).toEqual({ answer: 'no' });
    await second.stop();
    rmSync(folder, { recursive: true });
  });
});
