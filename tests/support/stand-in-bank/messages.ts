import { asCurrency, formatMinor, type LocalDate } from '#libs/kernel/index.js';
import {
  element,
  optional,
  writeXml,
  type XmlOutput,
  type XmlPart,
} from '#libs/settlement/domain/iso20022/xml-writer.js';
import type { Order, OrderBlock } from './orders.js';

const EURO = asCurrency('EUR');
const document = (version: string, root: XmlOutput): string =>
  writeXml(element('Document', [root], { xmlns: `urn:iso:std:iso:20022:tech:xsd:${version}` }));
const positive = (amountMinor: bigint): bigint => (amountMinor < 0n ? -amountMinor : amountMinor);
const amountElements = (amountMinor: bigint): readonly XmlOutput[] => [
  element('Amt', formatMinor(positive(amountMinor), EURO), { Ccy: EURO }),
  element('CdtDbtInd', amountMinor < 0n ? 'DBIT' : 'CRDT'),
];
const code = (name: string, value: string): XmlOutput => element(name, [element('Cd', value)]);
const reasonElement = (reason: string): XmlOutput => element('StsRsnInf', [code('Rsn', reason)]);

/** pain.002 for one file: `rejected` says the reason of each transfer that is not executed, by its end-to-end id. */
export function statusReport(order: Order, rejected: ReadonlyMap<string, string>, id: string, day: LocalDate): string {
  const transfers = order.blocks.flatMap((block) => block.transfers);
  const status = order.problem === undefined ? statusOf(rejected.size, transfers.length) : 'RJCT';
  const group = element('OrgnlGrpInfAndSts', [
    element('OrgnlMsgId', order.messageId),
    element('OrgnlMsgNmId', order.messageName),
    element('OrgnlNbOfTxs', order.count),
    element('OrgnlCtrlSum', order.controlSum),
    element('GrpSts', status),
    order.problem === undefined ? undefined : reasonElement(order.problem),
  ]);
  const blocks = order.problem === undefined ? order.blocks.map((block) => blockStatus(block, rejected)) : [];
  const header = element('GrpHdr', [element('MsgId', id), element('CreDtTm', `${day}T06:00:00Z`)]);
  return document('pain.002.001.11', element('CstmrPmtStsRpt', [header, group, ...blocks]));
}

function blockStatus({ paymentInfoId, transfers }: OrderBlock, rejected: ReadonlyMap<string, string>): XmlOutput {
  const refused = transfers.flatMap(({ endToEndId }) => {
    const reason = rejected.get(endToEndId);
    if (reason === undefined) return [];
    const parts = [element('OrgnlEndToEndId', endToEndId), element('TxSts', 'RJCT'), reasonElement(reason)];
    return [element('TxInfAndSts', parts)];
  });
  const status = statusOf(refused.length, transfers.length);
  return element('OrgnlPmtInfAndSts', [
    element('OrgnlPmtInfId', paymentInfoId),
    element('PmtInfSts', status),
    ...refused,
  ]);
}

const statusOf = (rejected: number, all: number): string =>
  rejected === 0 ? 'ACCP' : rejected === all ? 'RJCT' : 'PART';

/** One line of an account. Positive is money in. */
export interface Booking {
  readonly reference: string;
  readonly amountMinor: bigint;
  /** PMNT/ICDT/ESCT paid, PMNT/ICDT/RRTN returned, PMNT/RCDT/ESCT received. */
  readonly family: 'ICDT' | 'RCDT';
  readonly subFamily: 'ESCT' | 'RRTN';
  /** A collective booking says which files it stands for, and nothing of the transfers. */
  readonly batch?: { readonly messageId: string; readonly paymentInfoId: string; readonly count: number };
  readonly transaction?: {
    readonly messageId?: string;
    readonly paymentInfoId?: string;
    readonly endToEndId: string;
    readonly partyName?: string;
    readonly partyIban?: string;
    readonly structured: string | null;
    readonly text: string | null;
    readonly returnReason?: string;
  };
}

export interface AccountDay {
  readonly account: string;
  readonly day: LocalDate;
  readonly sequence: number;
  readonly openingMinor: bigint;
  readonly bookings: readonly Booking[];
}

/** camt.053: the account's day with its balances. */
export function statement({ account, day, sequence, openingMinor, bookings }: AccountDay): string {
  const closingMinor = bookings.reduce((sum, { amountMinor }) => sum + amountMinor, openingMinor);
  const id = `${account.slice(-10)}-${day}`;
  const header = element('GrpHdr', [element('MsgId', `STMT-${id}`), element('CreDtTm', `${day}T20:00:00Z`)]);
  const body = element('Stmt', [
    element('Id', id),
    element('ElctrncSeqNb', String(sequence)),
    element('CreDtTm', `${day}T20:00:00Z`),
    accountElement(account),
    balance('OPBD', openingMinor, day),
    balance('CLBD', closingMinor, day),
    element('TxsSummry', [element('TtlNtries', [element('NbOfNtries', String(bookings.length))])]),
    ...bookings.map((booking) => entry(booking, day)),
  ]);
  return document('camt.053.001.08', element('BkToCstmrStmt', [header, body]));
}

/** camt.054: the returns of the day, told apart from the statement. */
export function notification({ account, day, bookings }: AccountDay): string {
  const id = `N-${account.slice(-10)}-${day}`;
  const header = element('GrpHdr', [element('MsgId', `NTF-${id}`), element('CreDtTm', `${day}T18:00:00Z`)]);
  const body = element('Ntfctn', [
    element('Id', id),
    element('CreDtTm', `${day}T18:00:00Z`),
    accountElement(account),
    ...bookings.map((booking) => entry(booking, day)),
  ]);
  return document('camt.054.001.08', element('BkToCstmrDbtCdtNtfctn', [header, body]));
}

const accountElement = (account: string): XmlOutput =>
  element('Acct', [element('Id', [element('IBAN', account)]), element('Ccy', EURO)]);

const balance = (type: string, amountMinor: bigint, day: LocalDate): XmlOutput =>
  element('Bal', [
    element('Tp', [code('CdOrPrtry', type)]),
    ...amountElements(amountMinor),
    element('Dt', [element('Dt', day)]),
  ]);

function entry({ reference, amountMinor, family, subFamily, batch, transaction }: Booking, day: LocalDate): XmlOutput {
  const date = [element('Dt', day)];
  const details =
    batch === undefined
      ? transaction && transactionElement(amountMinor, transaction)
      : element('Btch', [
          element('MsgId', batch.messageId),
          element('PmtInfId', batch.paymentInfoId),
          element('NbOfTxs', String(batch.count)),
        ]);
  return element('Ntry', [
    ...amountElements(amountMinor),
    code('Sts', 'BOOK'),
    element('BookgDt', date),
    element('ValDt', date),
    element('AcctSvcrRef', reference),
    element('BkTxCd', [
      element('Domn', [
        element('Cd', 'PMNT'),
        element('Fmly', [element('Cd', family), element('SubFmlyCd', subFamily)]),
      ]),
    ]),
    details && element('NtryDtls', [details]),
  ]);
}

function transactionElement(amountMinor: bigint, transaction: NonNullable<Booking['transaction']>): XmlOutput {
  const { messageId, paymentInfoId, endToEndId, partyName, partyIban, returnReason } = transaction;
  const [party, account] = amountMinor < 0n ? ['Cdtr', 'CdtrAcct'] : ['Dbtr', 'DbtrAcct'];
  const parties: XmlPart =
    partyIban === undefined
      ? undefined
      : element('RltdPties', [
          partyName === undefined ? undefined : element(party, [element('Pty', [element('Nm', partyName)])]),
          element(account, [element('Id', [element('IBAN', partyIban)])]),
        ]);
  return element('TxDtls', [
    element('Refs', [
      optional('MsgId', messageId),
      optional('PmtInfId', paymentInfoId),
      element('EndToEndId', endToEndId),
    ]),
    ...amountElements(amountMinor),
    parties,
    remittance(transaction.structured, transaction.text),
    returnReason === undefined ? undefined : element('RtrInf', [code('Rsn', returnReason)]),
  ]);
}

function remittance(structured: string | null, text: string | null): XmlPart {
  if (structured === null) return text === null ? undefined : element('RmtInf', [element('Ustrd', text)]);
  const type = element('Tp', [code('CdOrPrtry', 'SCOR'), element('Issr', 'ISO')]);
  return element('RmtInf', [element('Strd', [element('CdtrRefInf', [type, element('Ref', structured)])])]);
}
