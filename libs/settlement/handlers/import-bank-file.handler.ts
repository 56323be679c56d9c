import { HubError } from '#libs/kernel/index.js';
import type { Principal } from '#libs/platform/auth/principal.js';
import { newId, type Tx } from '#libs/platform/postgres/index.js';
import { readBankFile, type BankFile, type PaymentStatusReport } from '../domain/iso20022/index.js';
import { findImport, fingerprint, insertImport, type BankImportResult } from '../outbound/bank.store.js';
import { dayOf, requireRole } from './actor-of.js';
import { importStatements } from './import-bank-statements.js';
import { importStatusReport } from './import-status-report.js';
import type { SettlementPorts } from './ports.js';

export interface ImportBankFile {
  readonly name: string;
  readonly content: string;
}

const NAME_LENGTH_MAX = 200;

/** For whom a file is imported, and by whom. */
export interface Importer {
  readonly authorityId: string;
  readonly actorId: string;
}

type Answer = BankImportResult & { readonly duplicate: boolean };

/** As `importBankFileFor`, by a contract manager for the own authority. Error: `settlement.role-required`. */
export async function importBankFile(
  tx: Tx,
  ports: SettlementPorts,
  principal: Principal,
  command: ImportBankFile,
  now: Date,
): Promise<Answer> {
  const { organisationId, actorId } = requireRole(principal, 'CONTRACT_MANAGER');
  return importBankFileFor(tx, ports, { authorityId: organisationId, actorId }, command, now);
}

/**
 * A file as the bank sent it. It is refused whole, with its place and rule named, or applied whole; the same file again, whatever its
 * name, and the same status report in other bytes, answer what they came to the first time and change nothing.
 *
 * Errors: those of `readBankFile`, `importStatusReport` and `importStatements`, `bank-file.name`, `bank-file.concurrent`.
 */
export async function importBankFileFor(
  tx: Tx,
  ports: SettlementPorts,
  { authorityId, actorId }: Importer,
  { name, content }: ImportBankFile,
  now: Date,
): Promise<Answer> {
  if (name.trim() === '' || name.length > NAME_LENGTH_MAX) {
    throw new HubError('bank-file.name', `A name of 1 to ${NAME_LENGTH_MAX} characters is required.`, {
      field: 'input.name',
    });
  }
  const file = readBankFile(content);
  const reportId = file.message === 'pain.002' ? reportIdOf(file) : null;
  const earlier = await findImport(tx, authorityId, content, reportId);
  if (earlier !== undefined) return { ...earlier, duplicate: true };
  const id = newId<'BankFile'>();
  const on = await dayOf(tx, authorityId, now);
  const { counts, duplicate, journals } =
    file.message === 'pain.002'
      ? { ...(await importStatusReport(tx, ports, file, { authorityId, on })), duplicate: false }
      : await importStatements(tx, ports, file, { fileId: id, authorityId, actorId, on, now });
  const result: BankImportResult = { kind: kindOf(file), ...counts };
  await insertImport(tx, { id, authorityId, name, content, reportId, importedAt: now, importedBy: actorId, result });
  await ports.ledger.post(tx, journals);
  return { ...result, duplicate };
}

/** A bank that sends other answers under an id it used before is read again: they may be the ones that count. */
const reportIdOf = (report: PaymentStatusReport): string =>
  `${report.originalMessageId}:${report.messageId}:${fingerprint(report).toString('hex')}`;

const kindOf = (file: BankFile): string => (file.version === null ? file.message : `${file.message}.${file.version}`);
