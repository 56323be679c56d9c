import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { answersFor, type PaymentStatusReport } from './payment-status-report.js';
import { readBankFile } from './read-bank-file.js';

const text = readFileSync(
  new URL('../../../../schemas/doors/iso20022/status-report.pain.002.001.11.xml', import.meta.url),
  'utf8',
);
const read = (content: string): PaymentStatusReport => {
  const file = readBankFile(content);
  if (file.message !== 'pain.002') throw new Error('not a status report');
  return file;
};
const sent = ['RF06PF000000-1', 'RF32PF000003-1'].map((endToEndId) => ({ endToEndId, paymentInfoId: 'PF-000002-1' }));
const answers = (content: string) =>
  answersFor(read(content), sent).transfers.map(({ answer, reasons }) => [answer, ...reasons]);

describe('a payment status report (pain.002)', () => {
  it('partly accepted: who is named is rejected with the reason, the others are accepted', () => {
    expect(answersFor(read(text), sent)).toEqual({
      transfers: [
        { endToEndId: 'RF06PF000000-1', answer: 'ACCEPTED', status: 'PART', reasons: [] },
        { endToEndId: 'RF32PF000003-1', answer: 'REJECTED', status: 'RJCT', reasons: ['AC01'] },
      ],
      unknownIds: [],
    });
  });

  it('a block is rejected: all of it, with the reason of the block', () => {
    const block = text
      .replace(/<TxInfAndSts>[^]*<\/TxInfAndSts>/, '<StsRsnInf><Rsn><Cd>AG01</Cd></Rsn></StsRsnInf>')
      .replace('<PmtInfSts>PART', '<PmtInfSts>RJCT');
    expect(answers(block)).toEqual([
      ['REJECTED', 'AG01'],
      ['REJECTED', 'AG01'],
    ]);
  });

  it('the whole file is rejected', () => {
    const group = text
      .replace(/<OrgnlPmtInfAndSts>[^]*<\/OrgnlPmtInfAndSts>/, '')
      .replace('<GrpSts>PART</GrpSts>', '<GrpSts>RJCT</GrpSts><StsRsnInf><Rsn><Cd>AM10</Cd></Rsn></StsRsnInf>');
    expect(answers(group)).toEqual([
      ['REJECTED', 'AM10'],
      ['REJECTED', 'AM10'],
    ]);
  });

  it('received is not yet accepted, and a report that says nothing answers nothing', () => {
    const group = text.replace(/<OrgnlPmtInfAndSts>[^]*<\/OrgnlPmtInfAndSts>/, '');
    expect(answers(group.replace('PART', 'RCVD'))).toEqual([['PENDING'], ['PENDING']]);
    expect(answers(group.replace('<GrpSts>PART</GrpSts>', ''))).toEqual([]);
  });

  it('names the ids that the file does not have', () => {
    expect(answersFor(read(text), [sent[0]!])).toMatchObject({ unknownIds: ['RF32PF000003-1'] });
    expect(answersFor(read(text), [])).toEqual({ transfers: [], unknownIds: ['PF-000002-1', 'RF32PF000003-1'] });
  });
});
