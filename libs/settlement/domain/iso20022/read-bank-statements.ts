import {
  type BankAccount,
  type BankBalance,
  type BankBatch,
  type BankEntry,
  type BankMessage,
  type BankStatement,
  type BankTransaction,
  type TransactionCode,
} from './bank-statement.js';
import { findingsOf, type StatedTotals } from './statement-findings.js';
import { amountOf, codeAt, dayAt, signAt, signedAmountOf, type SignedAmount } from './values.js';
import { all, find, invalid, requiredText, textAt, type XmlElement } from './xml-reader.js';

/** More entries than this come in pages. */
export const STATEMENT_ENTRIES_MAX = 100_000;

const CONTAINERS: ReadonlySet<string> = new Set(['Stmt', 'Rpt', 'Ntfctn']);

/** Takes the elements of a camt message as they end, keeps what a statement needs and forgets the rest. */
export class StatementCollector {
  readonly statements: BankStatement[] = [];
  #entries: BankEntry[] = [];

  /** True where the element has been taken and its parent can forget it. */
  take(element: XmlElement, messageOf: (element: XmlElement) => BankMessage | undefined): boolean {
    if (element.name === 'Ntry' && CONTAINERS.has(element.parent?.name ?? '')) {
      if (this.#entries.length === STATEMENT_ENTRIES_MAX) {
        throw invalid(element, 'bank-file.too-large', `a statement has more than ${STATEMENT_ENTRIES_MAX} entries`);
      }
      this.#entries.push(readEntry(element));
      return true;
    }
    if (!CONTAINERS.has(element.name) || element.parent?.parent?.name !== 'Document') return false;
    const message = messageOf(element.parent);
    if (message === undefined) return false;
    this.statements.push(readStatement(element, message, this.#entries));
    this.#entries = [];
    return true;
  }
}

function readStatement(element: XmlElement, message: BankMessage, entries: readonly BankEntry[]): BankStatement {
  const pages = find(element, 'StmtPgntn') ?? find(element, 'RptPgntn') ?? find(element, 'NtfctnPgntn');
  const unchecked = {
    message,
    id: requiredText(element, 'Id'),
    account: readAccount(element),
    electronicSequence: textAt(element, 'ElctrncSeqNb'),
    legalSequence: textAt(element, 'LglSeqNb'),
    page:
      pages === undefined
        ? null
        : { number: requiredText(pages, 'PgNb'), last: requiredText(pages, 'LastPgInd') === 'true' },
    createdAt: textAt(element, 'CreDtTm'),
    balances: all(element, 'Bal').map(readBalance),
    entries,
  };
  return { ...unchecked, findings: findingsOf(unchecked, pages === undefined ? readTotals(element) : null) };
}

/** The numbers of version 1 stand in elements of their own, later ones in `Othr`. */
function readAccount(element: XmlElement): BankAccount {
  const account = find(element, 'Acct');
  const id = account === undefined ? undefined : find(account, 'Id');
  if (account === undefined || id === undefined) {
    throw invalid(element, 'bank-file.missing', `${element.path}/Acct/Id is missing`, ['Acct', 'Id']);
  }
  const iban = textAt(id, 'IBAN');
  const other = textAt(id, 'Othr', 'Id') ?? textAt(id, 'PrtryAcct', 'Id') ?? textAt(id, 'BBAN') ?? textAt(id, 'UPIC');
  if (iban === null && other === null) {
    throw invalid(id, 'bank-file.missing', `${id.path} names no account`);
  }
  return { iban: iban?.replaceAll(/\s/g, '') ?? null, other, currency: textAt(account, 'Ccy') };
}

function readBalance(element: XmlElement): BankBalance {
  return {
    ...signedAmountOf(element),
    type: codeAt(element, 'Tp', 'CdOrPrtry') ?? codeAt(element, 'Tp') ?? requiredText(element, 'Tp'),
    date: dayAt(element, 'Dt'),
    path: element.path,
    line: element.line,
  };
}

function readTotals(element: XmlElement): StatedTotals | null {
  const totals = find(element, 'TxsSummry', 'TtlNtries');
  if (totals === undefined) return null;
  return { count: countAt(totals, 'NbOfNtries'), path: totals.path, line: totals.line };
}

/** A number of things; null where absent or no number. */
function countAt(element: XmlElement, name: string): number | null {
  const text = textAt(element, name);
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : null;
}

function readEntry(element: XmlElement): BankEntry {
  const amount = signedAmountOf(element);
  const details = all(element, 'NtryDtls');
  // Version 1 has the batch and the transactions in the entry itself.
  const owners = details.length > 0 ? details : [element];
  return {
    ...amount,
    path: element.path,
    line: element.line,
    status: codeAt(element, 'Sts') ?? requiredText(element, 'Sts'),
    reversal: /^(true|1)$/.test(textAt(element, 'RvslInd') ?? ''),
    bookedOn: dayAt(element, 'BookgDt'),
    valueOn: dayAt(element, 'ValDt'),
    entryReference: textAt(element, 'NtryRef'),
    bankReference: textAt(element, 'AcctSvcrRef'),
    transactionCode: readCode(element),
    batches: owners.flatMap((owner) => all(owner, 'Btch')).map(readBatch),
    transactions: owners
      .flatMap((owner) => all(owner, 'TxDtls'))
      .map((transaction) => readTransaction(transaction, amount)),
  };
}

function readCode(element: XmlElement): TransactionCode | null {
  const code = find(element, 'BkTxCd');
  if (code === undefined) return null;
  return {
    domain: textAt(code, 'Domn', 'Cd'),
    family: textAt(code, 'Domn', 'Fmly', 'Cd'),
    subFamily: textAt(code, 'Domn', 'Fmly', 'SubFmlyCd'),
    proprietary: textAt(code, 'Prtry', 'Cd'),
  };
}

const readBatch = (element: XmlElement): BankBatch => ({
  messageId: textAt(element, 'MsgId'),
  paymentInfoId: textAt(element, 'PmtInfId'),
  count: countAt(element, 'NbOfTxs'),
});

function readTransaction(element: XmlElement, entry: SignedAmount): BankTransaction {
  const endToEndText = textAt(element, 'Refs', 'EndToEndId');
  const remittance = find(element, 'RmtInf');
  const remittances = (name: string): readonly XmlElement[] => (remittance === undefined ? [] : all(remittance, name));
  const returned = find(element, 'RtrInf');
  return {
    messageId: textAt(element, 'Refs', 'MsgId'),
    paymentInfoId: textAt(element, 'Refs', 'PmtInfId'),
    instructionId: textAt(element, 'Refs', 'InstrId'),
    endToEndId: endToEndText === 'NOTPROVIDED' ? null : endToEndText,
    endToEndText,
    transactionId: textAt(element, 'Refs', 'TxId'),
    uetr: textAt(element, 'Refs', 'UETR'),
    bankReference: textAt(element, 'Refs', 'AcctSvcrRef'),
    amount: readAmount(element, entry),
    debtorIban: ibanAt(element, 'DbtrAcct'),
    creditorIban: ibanAt(element, 'CdtrAcct'),
    structuredReferences: remittances('Strd').flatMap(readReference),
    unstructured: remittances('Ustrd').map(({ text }) => text.trim()),
    returned: returned === undefined ? null : { reason: codeAt(returned, 'Rsn') ?? codeAt(returned, 'RtrRsn') },
  };
}

/** Later versions state the transaction's amount and sign; version 2 has it among the details, in the sign of the entry. */
function readAmount(element: XmlElement, entry: SignedAmount): SignedAmount | null {
  const amount = find(element, 'Amt') ?? find(element, 'AmtDtls', 'TxAmt', 'Amt');
  if (amount === undefined) return null;
  const { amountMinor, currency } = amountOf(amount);
  const sign = signAt(element) ?? (entry.amountMinor < 0n ? -1n : 1n);
  return { amountMinor: sign * amountMinor, currency };
}

const ibanAt = (element: XmlElement, account: string): string | null =>
  textAt(element, 'RltdPties', account, 'Id', 'IBAN')?.replaceAll(/\s/g, '') ?? null;

function readReference(element: XmlElement): readonly string[] {
  const reference = textAt(element, 'CdtrRefInf', 'Ref') ?? textAt(element, 'CdtrRefInf', 'CdtrRef');
  return reference === null ? [] : [reference];
}
