import { localDate, type LocalDate } from '#libs/kernel/index.js';
import type { BankStatement } from '#libs/settlement/domain/iso20022/bank-statement.js';
import { answersFor, type PaymentStatusReport } from '#libs/settlement/domain/iso20022/payment-status-report.js';
import { readBankFile, readBankStatements } from '#libs/settlement/domain/iso20022/read-bank-file.js';
import { find, readXml, requiredText } from '#libs/settlement/domain/iso20022/xml-reader.js';
import { XmlFolder } from './folder.js';
import {
  isBankDay,
  losesId,
  nextBankDay,
  referenceOf,
  rejectReason,
  returnDay,
  returnReason,
  type Habits,
} from './habits.js';
import { notification, statement, statusReport, type Booking } from './messages.js';
import { readOrder, type Order, type OrderBlock, type OrderedTransfer } from './orders.js';

/** A line that nobody ordered: positive comes in, negative goes out. */
export interface Stray {
  readonly account: string;
  readonly amountMinor: bigint;
  readonly text: string;
}

export interface BankDay {
  /** Where the customers put their orders (pain.001). */
  readonly inFolder: string;
  /** Where the bank puts its answers (pain.002), statements (camt.053) and notifications (camt.054). */
  readonly outFolder: string;
  readonly day: LocalDate;
  readonly habits: Habits;
  readonly strays: readonly Stray[];
}

/** Names of the files this call has written, without the ending. */
export interface BankDayReport {
  readonly answers: readonly string[];
  readonly statements: readonly string[];
  readonly notifications: readonly string[];
}

/**
 * Lives one day of the bank: answers orders it has not answered, then closes the day of each account on which something moved.
 *
 * All it remembers is in the two folders, and each file appears whole or not at all: it can be killed anywhere and the day lived again,
 * which adds what is missing and changes nothing. A day up to an account's last statement is over and stays as it is.
 */
export function runBankDay({ inFolder, outFolder, day, habits, strays }: BankDay): BankDayReport {
  const incoming = new XmlFolder(inFolder);
  const out = new XmlFolder(outFolder);
  const answers = answerOrders(incoming, out, day, habits);
  if (!isBankDay(day) && strays.length > 0) throw new Error(`${day} is no bank day: nothing can be booked on it.`);
  if (!isBankDay(day)) return { answers, statements: [], notifications: [] };
  const accepted = incoming.names().flatMap((name) => acceptedTransfers(incoming, out, name));
  const accounts = new Set([...accepted.map(({ block }) => block.debtorIban), ...strays.map(({ account }) => account)]);
  const closed = [...accounts].sort().map((account) => {
    const own = accepted.filter(({ block }) => block.debtorIban === account);
    const unordered = strays.filter((stray) => stray.account === account);
    return closeDay(out, account, day, habits, own, unordered);
  });
  return {
    answers,
    statements: closed.flatMap((each) => each.statements),
    notifications: closed.flatMap((each) => each.notifications),
  };
}

const answerName = (name: string): string => `pain.002-${name}`;

function answerOrders(incoming: XmlFolder, out: XmlFolder, day: LocalDate, habits: Habits): readonly string[] {
  const names = incoming.names();
  const answered = names.filter((name) => out.has(answerName(name)));
  const taken = new Set(answered.map((name) => readAnswer(out, name)).flatMap(acceptedMessageId));
  return names
    .filter((name) => !answered.includes(name))
    .map((name) => {
      const read = readOrder(incoming.read(name));
      // DU01: a message of this id was taken on before.
      const order: Order =
        read.problem === undefined && taken.has(read.messageId) ? { ...read, problem: 'DU01' } : read;
      const transfers = order.blocks.flatMap((block) => block.transfers);
      const rejected = new Map(
        transfers.flatMap(({ endToEndId, problem }) => {
          const reason = problem ?? rejectReason(habits, endToEndId);
          return reason === undefined ? [] : [[endToEndId, reason] as const];
        }),
      );
      if (order.problem === undefined) taken.add(order.messageId);
      const answer = answerName(name);
      out.write(answer, statusReport(order, rejected, referenceOf('answer', name), day));
      return answer;
    });
}

function readAnswer(out: XmlFolder, name: string): PaymentStatusReport {
  const file = readBankFile(out.read(answerName(name)));
  if (file.message === 'pain.002') return file;
  throw new Error(`${answerName(name)}.xml is not an answer of this bank.`);
}

/** A file whose group was refused for itself (it has a reason) may be sent again. */
const acceptedMessageId = ({ originalMessageId, reasons }: PaymentStatusReport): readonly string[] =>
  reasons.length > 0 ? [] : [originalMessageId];

interface Accepted {
  readonly messageId: string;
  readonly block: OrderBlock;
  readonly transfer: OrderedTransfer;
  /** The first day on which it can be booked. */
  readonly from: LocalDate;
}

function acceptedTransfers(incoming: XmlFolder, out: XmlFolder, name: string): readonly Accepted[] {
  const order = readOrder(incoming.read(name));
  const report = readAnswer(out, name);
  if (report.reasons.length > 0) return [];
  const header = find(readXml(out.read(answerName(name))), 'CstmrPmtStsRpt', 'GrpHdr');
  const received = localDate(header === undefined ? '' : requiredText(header, 'CreDtTm').slice(0, 10));
  return order.blocks.flatMap((block) => {
    const sent = block.transfers.map(({ endToEndId }) => ({ endToEndId, paymentInfoId: block.paymentInfoId }));
    const taken = new Set(
      answersFor(report, sent).transfers.flatMap(({ endToEndId, answer }) =>
        answer === 'ACCEPTED' ? [endToEndId] : [],
      ),
    );
    const from = nextBankDay(block.executionDate > received ? block.executionDate : received);
    return block.transfers
      .filter(({ endToEndId }) => taken.has(endToEndId))
      .map((transfer) => ({ messageId: order.messageId, block, transfer, from }));
  });
}

/** What an account's statements so far say: they are the bank's memory. */
interface Told {
  readonly count: number;
  readonly lastDay: string;
  readonly closingMinor: bigint;
  /** The day of each booking, by the bank's reference. */
  readonly booked: ReadonlyMap<string, LocalDate>;
}

const statementName = (account: string, day: string): string => `camt.053-${account}-${day}`;

function tellAgain(out: XmlFolder, account: string, habits: Habits): Told {
  const names = out.names(statementName(account, ''));
  const told = names.flatMap((name) => readBankStatements(out.read(name)).statements);
  const closing = (one: BankStatement | undefined): bigint | undefined =>
    one?.balances.find(({ type }) => type === 'CLBD')?.amountMinor;
  return {
    count: names.length,
    lastDay: names.at(-1)?.slice(statementName(account, '').length) ?? '',
    closingMinor: closing(told.at(-1)) ?? habits.openingMinor,
    booked: new Map(
      told.flatMap(({ entries }) =>
        entries.flatMap(({ bankReference, bookedOn }) =>
          bankReference === null || bookedOn === null ? [] : [[bankReference, bookedOn] as const],
        ),
      ),
    ),
  };
}

function closeDay(
  out: XmlFolder,
  account: string,
  day: LocalDate,
  habits: Habits,
  accepted: readonly Accepted[],
  strays: readonly Stray[],
): Pick<BankDayReport, 'statements' | 'notifications'> {
  const told = tellAgain(out, account, habits);
  if (told.lastDay >= day) return { statements: [], notifications: [] };
  const returns = accepted.flatMap((one) => returned(one, told, day, habits));
  const bookings = [
    ...paid(accepted, told, day, habits),
    ...returns,
    ...strays.map((one, at) => strayed(one, day, at)),
  ];
  if (bookings.length === 0) return { statements: [], notifications: [] };
  const account053 = { account, day, sequence: told.count + 1, openingMinor: told.closingMinor, bookings };
  const notice = `camt.054-${account}-${day}`;
  if (returns.length > 0) out.write(notice, notification({ ...account053, bookings: returns }));
  // The statement comes last: once it is there, the day is over.
  out.write(statementName(account, day), statement(account053));
  return { statements: [statementName(account, day)], notifications: returns.length > 0 ? [notice] : [] };
}

/** The reference under which a transfer is booked: its own, or that of its block where one line stands for all of it. */
const paidReference = ({ messageId, block, transfer }: Accepted): string =>
  referenceOf('paid', messageId, block.paymentInfoId, block.batchBooking ? '' : transfer.endToEndId);

function paid(accepted: readonly Accepted[], told: Told, day: LocalDate, habits: Habits): readonly Booking[] {
  const due = accepted.filter((one) => one.from <= day && !told.booked.has(paidReference(one)));
  return [...Map.groupBy(due, paidReference)].sort().flatMap(([reference, together]): Booking[] => {
    const [first] = together;
    if (first === undefined) return [];
    const { messageId, block, transfer } = first;
    const { paymentInfoId } = block;
    const amountMinor = -together.reduce((sum, one) => sum + one.transfer.amountMinor, 0n);
    const booking = { reference, amountMinor, family: 'ICDT', subFamily: 'ESCT' } as const;
    if (block.batchBooking) return [{ ...booking, batch: { messageId, paymentInfoId, count: together.length } }];
    const lost = losesId(habits, transfer.endToEndId);
    const ids = lost ? { endToEndId: 'NOTPROVIDED' } : { messageId, paymentInfoId, endToEndId: transfer.endToEndId };
    return [{ ...booking, transaction: { ...ids, ...parties(transfer) } }];
  });
}

function returned(one: Accepted, told: Told, day: LocalDate, habits: Habits): readonly Booking[] {
  const { messageId, block, transfer } = one;
  const paidOn = told.booked.get(paidReference(one));
  const reason = returnReason(habits, transfer.endToEndId, transfer.creditorIban);
  const reference = referenceOf('returned', messageId, block.paymentInfoId, transfer.endToEndId);
  if (paidOn === undefined || reason === undefined || told.booked.has(reference)) return [];
  if (returnDay(habits, transfer.endToEndId, paidOn) > day) return [];
  const transaction = { endToEndId: transfer.endToEndId, ...parties(transfer), returnReason: reason };
  return [{ reference, amountMinor: transfer.amountMinor, family: 'ICDT', subFamily: 'RRTN', transaction }];
}

const parties = ({ creditorName, creditorIban, reference, text }: OrderedTransfer) => ({
  partyName: creditorName,
  partyIban: creditorIban,
  structured: reference,
  text,
});

const strayed = ({ account, amountMinor, text }: Stray, day: LocalDate, at: number): Booking => ({
  reference: referenceOf('stray', account, day, String(at)),
  amountMinor,
  family: amountMinor < 0n ? 'ICDT' : 'RCDT',
  subFamily: 'ESCT',
  transaction: { endToEndId: 'NOTPROVIDED', structured: null, text },
});
