import { HubError } from '#libs/kernel/index.js';
import type { BankMessage, BankStatement } from './bank-statement.js';
import { readStatusReport, type PaymentStatusReport } from './payment-status-report.js';
import { StatementCollector } from './read-bank-statements.js';
import { readXml, textAt, type XmlContent, type XmlElement } from './xml-reader.js';

/** A camt.052, camt.053 or camt.054 file: one or more statements. */
export interface BankStatementFile {
  readonly message: BankMessage;
  /** "02", "08", …; null where the namespace does not say. */
  readonly version: string | null;
  readonly messageId: string | null;
  readonly statements: readonly BankStatement[];
}

export type BankFile = BankStatementFile | PaymentStatusReport;

/** The element that says what a message is; the versions before 2 add `V01`. */
const MESSAGES: ReadonlyMap<string, BankFile['message']> = new Map([
  ['BkToCstmrAcctRpt', 'camt.052'],
  ['BkToCstmrStmt', 'camt.053'],
  ['BkToCstmrDbtCdtNtfctn', 'camt.054'],
  ['CstmrPmtStsRpt', 'pain.002'],
  ['PmtStsRpt', 'pain.002'],
]);

/**
 * Reads what a bank sends: pain.002, camt.052, camt.053 or camt.054 of any version, in one pass.
 *
 * What cannot be read is refused whole, by name and place: `bank-file.not-xml`, `bank-file.truncated`, `bank-file.empty`,
 * `bank-file.document-type`, `bank-file.too-large`, `bank-file.unknown-message`, `bank-file.missing`, `bank-file.amount`,
 * `bank-file.currency`, `bank-file.sign`, `bank-file.date`. What can be read and does not hold is a finding of the statement.
 */
export function readBankFile(content: XmlContent): BankFile {
  const collector = new StatementCollector();
  const root = readXml(content, (element) => collector.take(element, statementMessage));
  const element = messageElement(root);
  const message = element === undefined ? undefined : MESSAGES.get(plainName(element));
  if (element === undefined || message === undefined) {
    throw new HubError(
      'bank-file.unknown-message',
      `The file is no bank message this hub reads: its root is "${root.name.slice(0, 40)}", expected a pain.002, camt.052, camt.053 or camt.054 document.`,
      { facts: { line: root.line } },
    );
  }
  const version = /\b(?:camt|pain)\.\d{3}\.\d{3}\.(\d{2})/.exec(element.namespace)?.[1] ?? null;
  if (message === 'pain.002') return readStatusReport(element, version);
  return { message, version, messageId: textAt(element, 'GrpHdr', 'MsgId'), statements: collector.statements };
}

const plainName = ({ name }: XmlElement): string => name.replace(/V\d{2}$/, '');

/** The message stands below `Document`, which may stand in an envelope. */
function messageElement(root: XmlElement): XmlElement | undefined {
  if (root.name === 'Document') return root.children.find((child) => MESSAGES.has(plainName(child)));
  for (const child of root.children) {
    const found = messageElement(child);
    if (found !== undefined) return found;
  }
  return undefined;
}

function statementMessage(element: XmlElement): BankMessage | undefined {
  const message = MESSAGES.get(plainName(element));
  return message === 'pain.002' ? undefined : message;
}

/** A file that must be a statement, for callers that take nothing else. Error: `bank-file.unknown-message`. */
export function readBankStatements(content: XmlContent): BankStatementFile {
  const file = readBankFile(content);
  if (file.message !== 'pain.002') return file;
  throw new HubError('bank-file.unknown-message', 'The file is a payment status report (pain.002), not a statement.');
}
