import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { localDate } from '#libs/kernel/index.js';
import { sharedData } from '#libs/testing/shared-data.js';
import { xsdErrors } from '#libs/testing/xsd.js';
import { creditorReference } from './creditor-reference.js';
import {
  TRANSFER_AMOUNT_MAX_MINOR,
  writeCreditTransfers,
  type AccountHolder,
  type CreditTransfer,
  type CreditTransferOrder,
} from './credit-transfer-file.js';
import { all, find, readXml, requiredText, type XmlElement } from './xml-reader.js';

const payee: AccountHolder = {
  name: 'Neustart Arbeitsvermittlung GmbH',
  address: { street: 'Hauptstraße', buildingNumber: '12a', postCode: '50667', town: 'Köln', country: 'DE' },
  iban: 'DE89 3704 0044 0532 0130 00',
  bic: 'COBADEFFXXX',
};
const payer: AccountHolder = {
  name: 'Agentur für Arbeit',
  address: { street: null, buildingNumber: null, postCode: null, town: 'Nürnberg', country: 'DE' },
  iban: 'DE02120300000000202051',
  bic: null,
};
const transfer: CreditTransfer = {
  endToEndId: 'RF18539007547034-1',
  executionDate: localDate('2018-03-15'),
  amountMinor: 137_400n,
  creditor: payee,
  remittance: { reference: 'RF18539007547034' },
};
const order: CreditTransferOrder = {
  messageId: 'PF-000001',
  createdAt: new Date('2018-03-14T09:30:00.123Z'),
  currency: 'EUR',
  debtor: payer,
  batchBooking: false,
  transfers: [transfer],
};

const transfersOf = (content: string): readonly XmlElement[] =>
  all(find(readXml(content), 'CstmrCdtTrfInitn')!, 'PmtInf').flatMap((block) => all(block, 'CdtTrfTxInf'));

const orders = fc
  .array(
    fc.record({
      executionDate: fc.constantFrom('2018-03-15', '2018-03-16', '2018-04-02').map(localDate),
      amountMinor: fc.bigInt({ min: 1n, max: TRANSFER_AMOUNT_MAX_MINOR }),
      name: fc.string({ minLength: 1, maxLength: 90 }).map((text) => `N ${text.replaceAll('~', '')}`),
      town: fc.constantFrom('Köln', 'Reggio nell’Emilia', 'Baile Átha Cliath'),
      bic: fc.constantFrom(null, 'COBADEFFXXX', 'BOFIIE2D'),
      address: fc.boolean(),
    }),
    { minLength: 1, maxLength: 30 },
  )
  .map((rows): CreditTransferOrder => ({
    ...order,
    transfers: rows.map(({ name, town, bic, address, ...row }, at) => ({
      ...row,
      endToEndId: `E2E-${at}`,
      creditor: { name, iban: payee.iban, bic, address: address ? { ...payee.address!, town } : null },
      remittance: at % 2 === 0 ? { reference: creditorReference(`S${at}`) } : { text: `Statement ${at} <1 & 2>` },
    })),
  }));

describe('the credit transfer file (pain.001.001.09)', () => {
  it('is valid by the schema, whatever the transfers', () => {
    const xsd = sharedData('05-iso20022/xsd/pain.001.001.09.xsd');
    if (xsd === undefined) return;
    fc.assert(
      fc.property(orders, (any) => {
        expect(xsdErrors(writeCreditTransfers(any).content, xsd)).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it('has exact sums and counts in each block and in the file, and the same bytes for the same order', () => {
    fc.assert(
      fc.property(orders, (any) => {
        const file = writeCreditTransfers(any);
        const message = find(readXml(file.content), 'CstmrCdtTrfInitn')!;
        const cents = (element: XmlElement, ...path: string[]): bigint =>
          BigInt(requiredText(element, ...path).replace(/^(\d+)\.(\d\d)$/, '$1$2'));
        let sum = 0n;
        for (const block of all(message, 'PmtInf')) {
          const amounts = all(block, 'CdtTrfTxInf').map((one) => cents(one, 'Amt', 'InstdAmt'));
          const blockSum = amounts.reduce((a, b) => a + b, 0n);
          expect(cents(block, 'CtrlSum')).toBe(blockSum);
          expect(requiredText(block, 'NbOfTxs')).toBe(String(amounts.length));
          sum += blockSum;
        }
        expect(cents(message, 'GrpHdr', 'CtrlSum')).toBe(sum);
        expect(file.sumMinor).toBe(any.transfers.reduce((total, { amountMinor }) => total + amountMinor, 0n));
        expect(sum).toBe(file.sumMinor);
        expect(requiredText(message, 'GrpHdr', 'NbOfTxs')).toBe(String(any.transfers.length));
        expect(writeCreditTransfers(any).content).toBe(file.content);
      }),
      { numRuns: 60 },
    );
  });

  it('has one block for each execution date, with an id each', () => {
    const later = { ...transfer, endToEndId: 'RF18539007547034-2', executionDate: localDate('2018-03-20') };
    const file = writeCreditTransfers({ ...order, transfers: [later, transfer, { ...later, endToEndId: 'X' }] });
    expect(file.blocks).toEqual([
      expect.objectContaining({ paymentInfoId: 'PF-000001-1', executionDate: '2018-03-15', count: 1 }),
      {
        paymentInfoId: 'PF-000001-2',
        executionDate: '2018-03-20',
        count: 2,
        sumMinor: 274_800n,
        endToEndIds: ['RF18539007547034-2', 'X'],
      },
    ]);
  });

  it('carries the address in its parts, the reference, the accounts and who bears the charges', () => {
    const { content } = writeCreditTransfers(order);
    const [one] = transfersOf(content);
    expect(requiredText(one!, 'PmtId', 'EndToEndId')).toBe('RF18539007547034-1');
    const address = find(one!, 'Cdtr', 'PstlAdr')!;
    expect(address.children.map(({ name, text }) => [name, text])).toEqual([
      ['StrtNm', 'Hauptstrase'],
      ['BldgNb', '12a'],
      ['PstCd', '50667'],
      ['TwnNm', 'Koln'],
      ['Ctry', 'DE'],
    ]);
    expect(requiredText(one!, 'CdtrAcct', 'Id', 'IBAN')).toBe('DE89370400440532013000');
    expect(requiredText(one!, 'RmtInf', 'Strd', 'CdtrRefInf', 'Ref')).toBe('RF18539007547034');
    const block = one!.parent!;
    expect(requiredText(block, 'PmtTpInf', 'SvcLvl', 'Cd')).toBe('SEPA');
    expect(requiredText(block, 'ChrgBr')).toBe('SLEV');
    expect(requiredText(block, 'DbtrAgt', 'FinInstnId', 'Othr', 'Id')).toBe('NOTPROVIDED');
    expect(content).not.toContain('AdrLine');
  });

  it.each<[string, string, Partial<CreditTransferOrder>]>([
    ['payment-file.no-transfers', 'transfers', { transfers: [] }],
    ['payment-file.currency', 'currency', { currency: 'SEK' }],
    ['payment-file.too-long', 'messageId', { messageId: 'M'.repeat(32) }],
    ['payment-file.duplicate-id', 'transfers[1].endToEndId', { transfers: [transfer, transfer] }],
    ['payment-file.amount', 'transfers[0].amountMinor', { transfers: [{ ...transfer, amountMinor: 0n }] }],
    [
      'payment-file.amount',
      'transfers[0].amountMinor',
      { transfers: [{ ...transfer, amountMinor: TRANSFER_AMOUNT_MAX_MINOR + 1n }] },
    ],
    [
      'payment-file.iban',
      'transfers[0].creditor.iban',
      { transfers: [{ ...transfer, creditor: { ...payee, iban: 'DE88370400440532013000' } }] },
    ],
    ['payment-file.bic', 'debtor.bic', { debtor: { ...payer, bic: 'NOBIC' } }],
    [
      'payment-file.reference',
      'transfers[0].remittance.reference',
      { transfers: [{ ...transfer, remittance: { reference: 'RF19539007547034' } }] },
    ],
    [
      'payment-file.country',
      'debtor.address.country',
      { debtor: { ...payer, address: { ...payer.address!, country: 'Germany' } } },
    ],
    [
      'payment-file.empty',
      'transfers[0].creditor.address.town',
      { transfers: [{ ...transfer, creditor: { ...payee, address: { ...payee.address!, town: ' ' } } }] },
    ],
  ])('refuses %s at %s', (code, field, change) => {
    expect(() => writeCreditTransfers({ ...order, ...change })).toThrow(expect.objectContaining({ code, field }));
  });
});
