import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { sharedData } from '#libs/testing/shared-data.js';
import { xsdErrors } from '#libs/testing/xsd.js';
import { amountText } from './bank-statement.js';
import { readBankFile, readBankStatements } from './read-bank-file.js';
import { decodeXml } from './xml-reader.js';

const example = (name: string): string =>
  readFileSync(new URL(`../../../../schemas/doors/iso20022/${name}`, import.meta.url), 'utf8');
const statement = example('statement.camt.053.001.08.xml');
const refused = (text: string, code: string, facts: object = {}): void =>
  expect(() => readBankFile(text)).toThrow(expect.objectContaining({ code, ...facts }));

describe('our own examples', () => {
  it.each(['statement.camt.053.001.08.xml', 'status-report.pain.002.001.11.xml'])(
    '%s is valid by the schema',
    (name) => {
      const xsd = sharedData(`05-iso20022/xsd/${name.split('.').slice(1, -1).join('.')}.xsd`);
      if (xsd !== undefined) expect(xsdErrors(example(name), xsd)).toEqual([]);
    },
  );

  it('is a statement that adds up, with a payment, a batch, a return and a line nobody ordered', () => {
    const [one] = readBankStatements(statement).statements;
    expect(one).toMatchObject({
      id: 'STMT-2018-03-19-1',
      electronicSequence: '54',
      account: { iban: 'DE02120300000000202051', currency: 'EUR' },
      findings: [],
    });
    expect(one!.entries.map(amountText)).toEqual(['-1374.00 EUR', '-2500.00 EUR', '500.00 EUR', '0.01 EUR']);
    expect(one!.entries[0]!.transactions[0]).toMatchObject({
      endToEndId: 'RF18539007547034-1',
      structuredReferences: ['RF18539007547034'],
      creditorIban: 'DE89370400440532013000',
    });
    expect(one!.entries[1]!.batches).toEqual([{ messageId: 'PF-000002', paymentInfoId: 'PF-000002-1', count: 2 }]);
    expect(one!.entries[2]!.transactions[0]).toMatchObject({
      endToEndId: 'RF06PF000000-1',
      returned: { reason: 'AC04' },
    });
    expect(one!.entries[3]!.transactions[0]).toMatchObject({ endToEndId: null, endToEndText: 'NOTPROVIDED' });
  });

  it('is read the same in pieces of any size, in any version, with any prefix and in an envelope', () => {
    const whole = readBankStatements(statement);
    const letters = Array.from({ length: Math.ceil(statement.length / 7) }, (_, at) =>
      statement.slice(at * 7, at * 7 + 7),
    );
    expect(readBankStatements(letters)).toEqual(whole);
    for (const version of ['02', '04', '12', '14']) {
      const other = readBankStatements(statement.replace('camt.053.001.08', `camt.053.001.${version}`));
      expect(other).toEqual({ ...whole, version });
    }
    const prefixed = statement.replaceAll(/<(\/?)(?=[A-Z])/g, '<$1b:').replace('xmlns=', 'xmlns:b=');
    expect(readBankStatements(prefixed)).toEqual(whole);
    const inside = statement.slice(statement.indexOf('<Document'));
    const enveloped = readBankStatements(`<Envelope><Header>x</Header>${inside}</Envelope>`);
    expect(enveloped.statements[0]!.entries.map(amountText)).toEqual(whole.statements[0]!.entries.map(amountText));
  });
});

describe('a statement of many pages of bookings', () => {
  it('is read to its end, however much indentation it has', () => {
    const entry = statement.slice(statement.indexOf('<Ntry>'), statement.indexOf('</Ntry>') + 7);
    const many = Array.from({ length: 3_000 }, () => `${entry}\n${' '.repeat(20)}`).join('');
    const [one] = readBankStatements(statement.replace('<Ntry>', `${many}<Ntry>`)).statements;
    expect(one!.entries).toHaveLength(3_004);
    expect(one!.entries[3_003]!.path).toBe('/Document/BkToCstmrStmt/Stmt/Ntry[3004]');
  });
});

describe('a file that cannot be read is refused whole, by name and place', () => {
  it.each([
    ['', 'bank-file.empty'],
    ['Kontoauszug 54', 'bank-file.not-xml'],
    ['{"statement": 54}', 'bank-file.not-xml'],
    ['<a><b></a>', 'bank-file.not-xml'],
    ['<a>&nbsp;</a>', 'bank-file.not-xml'],
    ['<html><body/></html>', 'bank-file.unknown-message'],
    [
      '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.060.001.05"><AcctRptgReq/></Document>',
      'bank-file.unknown-message',
    ],
  ])('%s: %s', (text, code) => refused(text, code));

  it('cut off', () =>
    refused(statement.slice(0, -40), 'bank-file.truncated', {
      message: expect.stringMatching(/^Line \d+, column \d+: the file ends before \/Document/),
    }));

  it('with a document type: no entity is ever expanded', () => {
    const bomb = '<!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;"><!ENTITY x SYSTEM "file:///etc/passwd">]>';
    refused(statement.replace('<Document', `${bomb}<Document`), 'bank-file.document-type');
  });

  it('too deep, or with a text too long', () => {
    refused('<a>'.repeat(60), 'bank-file.too-large');
    refused(statement.replace('>Test<', `>${'x'.repeat(20_001)}<`), 'bank-file.too-large');
  });

  it.each([
    ['1374.00</Amt>', '13,74</Amt>', 'bank-file.amount', '/Document/BkToCstmrStmt/Stmt/Ntry/Amt'],
    ['1374.00</Amt>', '-1374.00</Amt>', 'bank-file.amount', '/Document/BkToCstmrStmt/Stmt/Ntry/Amt'],
    ['1374.00</Amt>', '1374.001</Amt>', 'bank-file.amount', '/Document/BkToCstmrStmt/Stmt/Ntry/Amt'],
    ['<Amt Ccy="EUR">2500', '<Amt Ccy="eur">2500', 'bank-file.currency', '/Document/BkToCstmrStmt/Stmt/Ntry[2]/Amt'],
    ['<Amt Ccy="EUR">2500', '<Amt>2500', 'bank-file.currency', '/Document/BkToCstmrStmt/Stmt/Ntry[2]/Amt'],
    ['DBIT', 'DEBIT', 'bank-file.sign', '/Document/BkToCstmrStmt/Stmt/Ntry/CdtDbtInd'],
    [
      '2018-03-19</Dt>\n        </BookgDt>',
      '2018-02-29</Dt>\n        </BookgDt>',
      'bank-file.date',
      '/Document/BkToCstmrStmt/Stmt/Ntry/BookgDt',
    ],
    ['<Id>STMT-2018-03-19-1</Id>', '', 'bank-file.missing', '/Document/BkToCstmrStmt/Stmt/Id'],
    ['<IBAN>DE02120300000000202051</IBAN>', '', 'bank-file.missing', '/Document/BkToCstmrStmt/Stmt/Acct/Id'],
    ['<Cd>BOOK</Cd>', '', 'bank-file.missing', '/Document/BkToCstmrStmt/Stmt/Ntry/Sts'],
  ])('%s made %s: %s', (from, to, code, field) => {
    const text = statement.replace(from, to);
    expect(text).not.toBe(statement);
    refused(text, code, { field, facts: expect.objectContaining({ line: expect.any(Number) }) });
  });

  it('in bytes that are not the text they say', () => {
    const latin = Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?><a>Köln</a>', 'latin1');
    expect(decodeXml(latin)).toContain('Köln');
    expect(decodeXml(Buffer.from('\uFEFF<a>Köln</a>', 'utf16le'))).toContain('Köln');
    expect(decodeXml(Buffer.from('\uFEFF<a/>'))).toBe('<a/>');
    const refusedBytes = expect.objectContaining({ code: 'bank-file.encoding' });
    expect(() => decodeXml(Buffer.from('<a>Köln</a>', 'latin1'))).toThrow(refusedBytes);
    expect(() => decodeXml(Buffer.from('<?xml version="1.0" encoding="ebcdic-7"?><a/>'))).toThrow(refusedBytes);
  });
});

describe('a statement that can be read and does not hold says where', () => {
  const finding = (from: string, to: string) => {
    const text = statement.replace(from, to);
    expect(text).not.toBe(statement);
    return readBankStatements(text).statements[0]!.findings;
  };

  it('opening plus booked entries is not closing', () => {
    expect(finding('>96626.01<', '>96626.02<')).toEqual([
      {
        code: 'arithmetic',
        message: 'Opening 100000.00 EUR plus booked -3373.99 EUR is not closing 96626.02 EUR.',
        path: '/Document/BkToCstmrStmt/Stmt/Bal[2]',
        line: expect.any(Number),
      },
    ]);
  });

  it('an entry that is not booked yet does not count', () => {
    expect(finding('<Cd>BOOK</Cd>', '<Cd>PDNG</Cd>').map(({ code }) => code)).toEqual(['arithmetic']);
  });

  it('an entry is in another currency', () => {
    expect(finding('<Amt Ccy="EUR">2500', '<Amt Ccy="SEK">2500').map(({ code, path }) => [code, path])).toEqual([
      ['currency', '/Document/BkToCstmrStmt/Stmt/Ntry[2]'],
      ['arithmetic', '/Document/BkToCstmrStmt/Stmt/Bal[2]'],
    ]);
  });

  it('holds fewer entries than it says', () => {
    expect(finding('<NbOfNtries>4<', '<NbOfNtries>5<')).toEqual([
      expect.objectContaining({ code: 'totals', message: 'The statement says 5 entries and holds 4.' }),
    ]);
  });

  it('the transactions of an entry do not add up to it', () => {
    const two = statement
      .slice(statement.indexOf('<TxDtls>'), statement.indexOf('</TxDtls>') + 9)
      .replace('1374.00', '1.00');
    expect(finding('</TxDtls>', `</TxDtls>${two}`)).toEqual([
      expect.objectContaining({ code: 'details', path: '/Document/BkToCstmrStmt/Stmt/Ntry' }),
    ]);
  });
});
