import { electronicFormatIBAN, isValidBIC, isValidIBAN } from 'ibantools';
import { asCurrency, formatMinor, HubError, type Currency, type LocalDate } from '#libs/kernel/index.js';
import { electronicReference, isCreditorReference } from './creditor-reference.js';
import { epcId, epcText, PAYMENT_ID_MAX_LENGTH } from './epc-text.js';
import { element, writeXml, type XmlOutput, type XmlPart } from './xml-writer.js';

/** One file is one signature at the bank; more is another file. */
export const TRANSFERS_PER_FILE_MAX = 10_000;
/** SEPA credit transfer: 0.01 to 999,999,999.99 euro. */
export const TRANSFER_AMOUNT_MAX_MINOR = 99_999_999_999n;
/** The scheme takes names of 70 characters; longer ones are cut, as banks do. */
const NAME_MAX_LENGTH = 70;
/** Leaves room for the number of the payment information block behind it. */
const MESSAGE_ID_MAX_LENGTH = PAYMENT_ID_MAX_LENGTH - 4;
const EURO: Currency = asCurrency('EUR');

/** Structured: orders with free address lines alone are refused by the scheme since 15 November 2026. */
export interface PostalAddress {
  readonly street: string | null;
  readonly buildingNumber: string | null;
  readonly postCode: string | null;
  readonly town: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
}

export interface AccountHolder {
  readonly name: string;
  readonly address: PostalAddress | null;
  readonly iban: string;
  readonly bic: string | null;
}

export interface CreditTransfer {
  /** Comes back on the bank's statement: the first key of reconciliation. */
  readonly endToEndId: string;
  readonly executionDate: LocalDate;
  readonly amountMinor: bigint;
  readonly creditor: AccountHolder;
  /** A structured creditor reference (ISO 11649), or a line of text: the scheme takes one of the two. */
  readonly remittance: { readonly reference: string } | { readonly text: string };
}

export interface CreditTransferOrder {
  readonly messageId: string;
  /** Business time of the release. */
  readonly createdAt: Date;
  readonly currency: string;
  readonly debtor: AccountHolder;
  /** True: the bank books one line for each payment information block; false: one for each transfer. */
  readonly batchBooking: boolean;
  readonly transfers: readonly CreditTransfer[];
}

/** What the file says about itself; `paymentInfoId` of each transfer is needed to reconcile a batch booking. */
export interface CreditTransferFile {
  readonly content: string;
  readonly messageId: string;
  readonly count: number;
  readonly sumMinor: bigint;
  readonly blocks: readonly PaymentBlock[];
}
export interface PaymentBlock {
  readonly paymentInfoId: string;
  readonly executionDate: LocalDate;
  readonly count: number;
  readonly sumMinor: bigint;
  readonly endToEndIds: readonly string[];
}

/**
 * The pain.001.001.09 document of a SEPA credit transfer order: one payment information block for each execution date, sums from
 * whole cents, structured addresses. Deterministic: the same order gives the same bytes.
 *
 * Errors (each names the field): `payment-file.no-transfers`, `payment-file.too-many`, `payment-file.currency`,
 * `payment-file.amount`, `payment-file.iban`, `payment-file.bic`, `payment-file.country`, `payment-file.reference`,
 * `payment-file.duplicate-id` and those of `epcText` and `epcId`.
 */
export function writeCreditTransfers(order: CreditTransferOrder): CreditTransferFile {
  refuseOrder(order);
  const messageId = epcId(order.messageId, 'messageId', MESSAGE_ID_MAX_LENGTH);
  const debtor = holder(order.debtor, 'debtor');
  const dates = [...new Set(order.transfers.map(({ executionDate }) => executionDate))].sort();
  const written = dates.map((executionDate, index) => {
    const transfers = order.transfers.flatMap((transfer, at) =>
      transfer.executionDate === executionDate ? [{ transfer, field: `transfers[${at}]` }] : [],
    );
    const block: PaymentBlock = {
      paymentInfoId: `${messageId}-${index + 1}`,
      executionDate,
      count: transfers.length,
      sumMinor: transfers.reduce((sum, { transfer }) => sum + transfer.amountMinor, 0n),
      endToEndIds: transfers.map(({ transfer }) => transfer.endToEndId),
    };
    const content = transfers.map(({ transfer, field }) => transferElement(transfer, field));
    return { block, element: blockElement(block, order.batchBooking, debtor, content) };
  });
  const blocks = written.map(({ block }) => block);
  const sumMinor = blocks.reduce((sum, block) => sum + block.sumMinor, 0n);
  const header = element('GrpHdr', [
    element('MsgId', messageId),
    element('CreDtTm', `${order.createdAt.toISOString().slice(0, 19)}Z`),
    element('NbOfTxs', String(order.transfers.length)),
    element('CtrlSum', formatMinor(sumMinor, EURO)),
    element('InitgPty', [element('Nm', debtor.name)]),
  ]);
  const root = element('CstmrCdtTrfInitn', [header, ...written.map((one) => one.element)]);
  const content = writeXml(element('Document', [root], { xmlns: 'urn:iso:std:iso:20022:tech:xsd:pain.001.001.09' }));
  return { content, messageId, count: order.transfers.length, sumMinor, blocks };
}

function refuseOrder({ transfers, currency }: CreditTransferOrder): void {
  if (currency !== EURO) {
    throw new HubError('payment-file.currency', `A SEPA credit transfer is in EUR, not in ${currency.slice(0, 10)}.`, {
      field: 'currency',
    });
  }
  if (transfers.length === 0) {
    throw new HubError('payment-file.no-transfers', 'A payment file needs at least one transfer.', {
      field: 'transfers',
    });
  }
  if (transfers.length > TRANSFERS_PER_FILE_MAX) {
    throw new HubError(
      'payment-file.too-many',
      `${transfers.length} transfers in one file: at most ${TRANSFERS_PER_FILE_MAX}.`,
      { field: 'transfers' },
    );
  }
  const ids = new Set<string>();
  for (const [at, { endToEndId }] of transfers.entries()) {
    if (ids.has(endToEndId)) {
      const field = `transfers[${at}].endToEndId`;
      throw new HubError('payment-file.duplicate-id', `${field} stands on an earlier transfer of the file.`, { field });
    }
    ids.add(endToEndId);
  }
}

interface HolderElements {
  readonly name: string;
  readonly party: readonly XmlPart[];
  readonly account: XmlOutput;
  readonly agent: XmlOutput | undefined;
}

function holder({ name, address, iban, bic }: AccountHolder, field: string): HolderElements {
  const account = electronicFormatIBAN(iban) ?? '';
  if (!isValidIBAN(account)) {
    throw new HubError(
      'payment-file.iban',
      `${field}.iban is not an IBAN (ISO 13616: country, length, check digits).`,
      {
        field: `${field}.iban`,
      },
    );
  }
  if (bic !== null && !isValidBIC(bic)) {
    throw new HubError('payment-file.bic', `${field}.bic is not a BIC (ISO 9362: 8 or 11 characters).`, {
      field: `${field}.bic`,
    });
  }
  const epcName = epcText(name, `${field}.name`, Number.MAX_SAFE_INTEGER).slice(0, NAME_MAX_LENGTH).trim();
  return {
    name: epcName,
    party: [element('Nm', epcName), address === null ? undefined : addressElement(address, `${field}.address`)],
    account: element('Id', [element('IBAN', account)]),
    agent: bic === null ? undefined : element('FinInstnId', [element('BICFI', bic)]),
  };
}

function addressElement(address: PostalAddress, field: string): XmlOutput {
  if (!/^[A-Z]{2}$/.test(address.country)) {
    throw new HubError('payment-file.country', `${field}.country is not a country: expected two capital letters.`, {
      field: `${field}.country`,
    });
  }
  const part = (name: string, value: string | null, key: string, maxLength: number): XmlPart =>
    value === null || value.trim() === '' ? undefined : element(name, epcText(value, `${field}.${key}`, maxLength));
  return element('PstlAdr', [
    part('StrtNm', address.street, 'street', 70),
    part('BldgNb', address.buildingNumber, 'buildingNumber', 16),
    part('PstCd', address.postCode, 'postCode', 16),
    element('TwnNm', epcText(address.town, `${field}.town`, 35)),
    element('Ctry', address.country),
  ]);
}

function blockElement(
  block: PaymentBlock,
  batchBooking: boolean,
  debtor: HolderElements,
  transfers: readonly XmlOutput[],
): XmlOutput {
  const unknownAgent = element('FinInstnId', [element('Othr', [element('Id', 'NOTPROVIDED')])]);
  return element('PmtInf', [
    element('PmtInfId', block.paymentInfoId),
    element('PmtMtd', 'TRF'),
    element('BtchBookg', String(batchBooking)),
    element('NbOfTxs', String(block.count)),
    element('CtrlSum', formatMinor(block.sumMinor, EURO)),
    element('PmtTpInf', [element('SvcLvl', [element('Cd', 'SEPA')])]),
    element('ReqdExctnDt', [element('Dt', block.executionDate)]),
    element('Dbtr', debtor.party),
    element('DbtrAcct', [debtor.account]),
    element('DbtrAgt', [debtor.agent ?? unknownAgent]),
    element('ChrgBr', 'SLEV'),
    ...transfers,
  ]);
}

function transferElement({ endToEndId, amountMinor, creditor, remittance }: CreditTransfer, field: string): XmlOutput {
  if (amountMinor < 1n || amountMinor > TRANSFER_AMOUNT_MAX_MINOR) {
    const most = formatMinor(TRANSFER_AMOUNT_MAX_MINOR, EURO);
    throw new HubError('payment-file.amount', `${field}.amountMinor must be between 0.01 and ${most} EUR.`, {
      field: `${field}.amountMinor`,
    });
  }
  const payee = holder(creditor, `${field}.creditor`);
  return element('CdtTrfTxInf', [
    element('PmtId', [element('EndToEndId', epcId(endToEndId, `${field}.endToEndId`))]),
    element('Amt', [element('InstdAmt', formatMinor(amountMinor, EURO), { Ccy: EURO })]),
    payee.agent && element('CdtrAgt', [payee.agent]),
    element('Cdtr', payee.party),
    element('CdtrAcct', [payee.account]),
    element('RmtInf', [remittanceElement(remittance, `${field}.remittance`)]),
  ]);
}

function remittanceElement(remittance: CreditTransfer['remittance'], field: string): XmlOutput {
  if ('text' in remittance) return element('Ustrd', epcText(remittance.text, `${field}.text`, 140));
  if (!isCreditorReference(remittance.reference)) {
    throw new HubError('payment-file.reference', `${field}.reference is not a creditor reference (ISO 11649).`, {
      field: `${field}.reference`,
    });
  }
  const type = element('Tp', [element('CdOrPrtry', [element('Cd', 'SCOR')]), element('Issr', 'ISO')]);
  const reference = element('Ref', electronicReference(remittance.reference));
  return element('Strd', [element('CdtrRefInf', [type, reference])]);
}
