import { HubError } from '#libs/kernel/index.js';
import { all, find, requiredText, textAt, type XmlElement } from './xml-reader.js';
import { codeAt } from './values.js';

/** pain.002: what the bank says about a file we sent, at three levels. A level without a status says nothing. */
export interface PaymentStatusReport {
  readonly message: 'pain.002';
  readonly version: string | null;
  readonly messageId: string;
  readonly originalMessageId: string;
  readonly status: string | null;
  readonly reasons: readonly string[];
  readonly blocks: readonly PaymentBlockStatus[];
}
export interface PaymentBlockStatus {
  readonly paymentInfoId: string | null;
  readonly status: string | null;
  readonly reasons: readonly string[];
  readonly transfers: readonly TransferStatus[];
}
export interface TransferStatus {
  readonly endToEndId: string | null;
  readonly instructionId: string | null;
  readonly status: string | null;
  readonly reasons: readonly string[];
}

/** Reads the message element (`CstmrPmtStsRpt` or its older name). Errors: those of `requiredText`. */
export function readStatusReport(element: XmlElement, version: string | null): PaymentStatusReport {
  const group = find(element, 'OrgnlGrpInfAndSts') ?? element;
  const blocks = all(element, 'OrgnlPmtInfAndSts').map(readBlock);
  // Version 2 has the transactions beside the group.
  const loose = all(element, 'TxInfAndSts').map(readTransfer);
  return {
    message: 'pain.002',
    version,
    messageId: requiredText(element, 'GrpHdr', 'MsgId'),
    originalMessageId: requiredText(group, 'OrgnlMsgId'),
    status: textAt(group, 'GrpSts'),
    reasons: readReasons(group),
    blocks:
      loose.length === 0 ? blocks : [...blocks, { paymentInfoId: null, status: null, reasons: [], transfers: loose }],
  };
}

const readBlock = (element: XmlElement): PaymentBlockStatus => ({
  paymentInfoId: textAt(element, 'OrgnlPmtInfId'),
  status: textAt(element, 'PmtInfSts'),
  reasons: readReasons(element),
  transfers: all(element, 'TxInfAndSts').map(readTransfer),
});

const readTransfer = (element: XmlElement): TransferStatus => ({
  endToEndId: textAt(element, 'OrgnlEndToEndId'),
  instructionId: textAt(element, 'OrgnlInstrId'),
  status: textAt(element, 'TxSts'),
  reasons: readReasons(element),
});

/** Reason codes only: the text beside them is for people, and may name them. */
const readReasons = (element: XmlElement): readonly string[] =>
  all(element, 'StsRsnInf').flatMap((reason) => codeAt(reason, 'Rsn') ?? codeAt(reason, 'StsRsn') ?? []);

export type TransferAnswer = 'REJECTED' | 'ACCEPTED' | 'PENDING';

/** A transfer of ours, as it stands in the file the report answers. */
export interface SentTransfer {
  readonly endToEndId: string;
  readonly paymentInfoId: string;
}

export interface AnsweredTransfer {
  readonly endToEndId: string;
  readonly answer: TransferAnswer;
  readonly status: string;
  readonly reasons: readonly string[];
}

export interface AnsweredFile {
  /** One for each transfer the report says something about. */
  readonly transfers: readonly AnsweredTransfer[];
  /** End-to-end ids and block ids in the report that the file does not have. */
  readonly unknownIds: readonly string[];
}

/**
 * What the report says about each transfer of the file: its own status, else that of its block, else that of the group; of
 * `PART` (partly accepted) a transfer that is not named has been accepted. The reasons come from the level that decided.
 *
 * Error: `bank-file.two-answers`.
 */
export function answersFor(report: PaymentStatusReport, sent: readonly SentTransfer[]): AnsweredFile {
  requireOneWord(report);
  const blocks = new Map(report.blocks.map((block) => [block.paymentInfoId, block]));
  const named = new Map(
    report.blocks.flatMap(({ transfers }) => transfers.map((transfer) => [transfer.endToEndId, transfer])),
  );
  const transfers = sent.flatMap(({ endToEndId, paymentInfoId }) => {
    const levels = [named.get(endToEndId), blocks.get(paymentInfoId), report];
    const decides = levels.find((level) => level?.status != null);
    if (decides?.status == null) return [];
    return [{ endToEndId, answer: answerOf(decides.status), status: decides.status, reasons: decides.reasons }];
  });
  const known = new Set(sent.flatMap(({ endToEndId, paymentInfoId }) => [endToEndId, paymentInfoId]));
  const unknownIds = [...blocks.keys(), ...named.keys()].filter((id): id is string => id !== null && !known.has(id));
  return { transfers, unknownIds };
}

/** Which of two words about one transfer counts, nobody but the bank can say. */
function requireOneWord(report: PaymentStatusReport): void {
  const words = new Map<string | null, string | null>();
  for (const { endToEndId, status } of report.blocks.flatMap(({ transfers }) => transfers)) {
    const before = words.get(endToEndId);
    if (endToEndId !== null && before !== undefined && before !== status)
      throw new HubError(
        'bank-file.two-answers',
        `The report says ${before ?? 'nothing'} and ${status ?? 'nothing'} of the transfer ${endToEndId}: ask the bank which of the two.`,
        { field: 'input.content' },
      );
    words.set(endToEndId, status);
  }
}

/** External payment status codes: rejected or cancelled, taken on, or still being looked at. */
function answerOf(status: string): TransferAnswer {
  if (['RJCT', 'CANC'].includes(status)) return 'REJECTED';
  if (['ACCP', 'ACSP', 'ACSC', 'ACCC', 'ACWC', 'PART'].includes(status)) return 'ACCEPTED';
  return 'PENDING';
}
