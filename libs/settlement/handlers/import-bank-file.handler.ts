import { HubError } from '#libs/kernel/index.js';
import type { Principal } from '#libs/platform/auth/principal.js';
import { newId, type Tx } from '#libs/platform/postgres/index.js';
import { readBankFile, type BankFile } from '../domain/iso20022/index.js';
import { findImport, insertImport, type BankImportResult } from '../outbound/bank.store.js';
import { dayOf, requireRole } from './actor-of.js';
import { importStatements } from './import-bank-statements.js';
import { importStatusReport } from './import-status-report.js';
import type { SettlementPorts } from './ports.js';

export interface ImportBankFile {
  readonly name: string;
  readonly content: string;
}

const NAME_LENGTH_MAX = 200;

/**
 * A file as the bank sent it. It is refused whole, with its place and rule named, or applied whole; the same file again, whatever its
 * name, answers what it came to the first time and changes nothing.
 *
 * Errors: those of `readBankFile`, `importStatusReport` and `importStatements`, `bank-file.name`, `settlement.role-required`.
 */
export async function importBankFile(
  tx: Tx,
  ports: SettlementPorts,
  principal: Principal,
  command: ImportBankFile,
  now: Date,
): Promise<BankImportResult & { readonly duplicate: boolean }> {
  const manager = requireRole(principal, 'CONTRACT_MANAGER');
  if (command.name.trim() === '' || command.name.length > NAME_LENGTH_MAX) {
    throw new HubError('bank-file.name', `A name of 1 to ${NAME_LENGTH_MAX} characters is required.`, {
      field: 'input.name',
    });
  }
  const authorityId = manager.organisationId;
  const earlier = await findImport(tx, authorityId, command.content);
  if (earlier !== undefined) return { ...earlier, duplicate: true };
  const file = readBankFile(command.content);
  const id = newId<'BankFile'>();
  const on = await dayOf(tx, authorityId, now);
  const { counts, duplicate, journals } =
    file.message === 'pain.002'
      ? { ...(await importStatusReport(tx, ports, file, on)), duplicate: false }
      : await importStatements(tx, ports, file, { fileId: id, authorityId, actorId: manager.actorId, on, now });
  const result: BankImportResult = { kind: kindOf(file), ...counts };
  const { name, content } = command;
  await insertImport(tx, { id, authorityId, name, content, importedAt: now, importedBy: manager.actorId, result });
  await ports.ledger.post(tx, journals);
  return { ...result, duplicate };
}

const kindOf = (file: BankFile): string => (file.version === null ? file.message : `${file.message}.${file.version}`);
