import { isValidIBAN } from 'ibantools';
import { asCurrency, HubError, localDate, parseMinor, type LocalDate } from '#libs/kernel/index.js';
import {
  all,
  find,
  readXml,
  requiredText,
  textAt,
  type XmlElement,
} from '#libs/settlement/domain/iso20022/xml-reader.js';

/** A pain.001 file as this bank understands it. */
export interface Order {
  readonly messageId: string;
  readonly messageName: string;
  readonly count: string;
  readonly controlSum: string;
  readonly blocks: readonly OrderBlock[];
  /** What is wrong with the file as a whole (external status reason code); undefined where nothing is. */
  readonly problem: string | undefined;
}
export interface OrderBlock {
  readonly paymentInfoId: string;
  readonly executionDate: LocalDate;
  readonly batchBooking: boolean;
  readonly debtorIban: string;
  readonly transfers: readonly OrderedTransfer[];
}
export interface OrderedTransfer {
  readonly endToEndId: string;
  readonly amountMinor: bigint;
  readonly creditorName: string;
  readonly creditorIban: string;
  readonly reference: string | null;
  readonly text: string | null;
  /** Why this transfer alone cannot be executed. */
  readonly problem: string | undefined;
}

const EURO = asCurrency('EUR');
/** FF01: invalid file format; AM10: invalid control sum; AM18: invalid number of transactions. */
const UNREADABLE: Order = {
  messageId: 'NOTPROVIDED',
  messageName: 'NOTPROVIDED',
  count: '0',
  controlSum: '0.00',
  blocks: [],
  problem: 'FF01',
};

/** Reads a file a customer put into the folder; whatever is not an order is answered, not thrown. */
export function readOrder(content: string): Order {
  try {
    const root = readXml(content);
    const message = find(root, 'CstmrCdtTrfInitn');
    return message === undefined ? UNREADABLE : readMessage(message, root);
  } catch (error) {
    if (error instanceof HubError) return UNREADABLE;
    throw error;
  }
}

function readMessage(message: XmlElement, root: XmlElement): Order {
  const blocks = all(message, 'PmtInf').map(readBlock);
  const transfers = blocks.flatMap((block) => block.transfers);
  const count = requiredText(message, 'GrpHdr', 'NbOfTxs');
  const controlSum = requiredText(message, 'GrpHdr', 'CtrlSum');
  const sum = transfers.reduce((total, { amountMinor }) => total + amountMinor, 0n);
  const sumHolds = parseMinor(controlSum, EURO) === sum;
  return {
    messageId: requiredText(message, 'GrpHdr', 'MsgId'),
    messageName: root.namespace.replace(/^.*:/, ''),
    count,
    controlSum,
    blocks,
    problem: sumHolds ? (count === String(transfers.length) ? undefined : 'AM18') : 'AM10',
  };
}

const readBlock = (block: XmlElement): OrderBlock => ({
  paymentInfoId: requiredText(block, 'PmtInfId'),
  executionDate: localDate(textAt(block, 'ReqdExctnDt', 'Dt') ?? requiredText(block, 'ReqdExctnDt')),
  batchBooking: textAt(block, 'BtchBookg') === 'true',
  debtorIban: requiredText(block, 'DbtrAcct', 'Id', 'IBAN'),
  transfers: all(block, 'CdtTrfTxInf').map(readTransfer),
});

function readTransfer(transfer: XmlElement): OrderedTransfer {
  const creditorIban = textAt(transfer, 'CdtrAcct', 'Id', 'IBAN') ?? '';
  const currency = find(transfer, 'Amt', 'InstdAmt')?.attributes['Ccy'];
  return {
    endToEndId: requiredText(transfer, 'PmtId', 'EndToEndId'),
    amountMinor: parseMinor(requiredText(transfer, 'Amt', 'InstdAmt'), EURO),
    creditorName: requiredText(transfer, 'Cdtr', 'Nm'),
    creditorIban,
    reference: textAt(transfer, 'RmtInf', 'Strd', 'CdtrRefInf', 'Ref'),
    text: textAt(transfer, 'RmtInf', 'Ustrd'),
    // AM03: the scheme is in euro; AC01: no such account number.
    problem: currency !== EURO ? 'AM03' : isValidIBAN(creditorIban) ? undefined : 'AC01',
  };
}
