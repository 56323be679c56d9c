import type { PartnerPrincipal } from '#libs/platform/auth/principal.js';
import { importBankFile } from '#libs/settlement/handlers/import-bank-file.handler.js';
import { confirmPayeeAccount, proposePayeeAccount } from '#libs/settlement/handlers/payee-accounts.handler.js';
import { preparePaymentFile, releasePaymentFile } from '#libs/settlement/handlers/payment-files.handler.js';
import type { PaymentFile } from '#libs/settlement/outbound/payment-files.store.js';
import { camt053, pain002, type TestLine } from './bank-files.js';
import type { SettlementWorld } from './settlement-world.js';

export const AUTHORITY_IBAN = 'IE64IRCE92050112345678';

interface PayableRow {
  readonly id: string;
  readonly state: string;
  readonly reason: string | null;
  readonly endToEndId: string;
  readonly reference: string;
  readonly amountMinor: bigint;
}
interface ItemRow {
  readonly id: string;
  readonly kind: string;
  readonly open: boolean;
  readonly text: string;
}
type Status = Parameters<typeof pain002>[0]['transfers'][number];

/** The authority's bank, as the hub meets it: in files; and the people who work with it. */
export class SettlementBank {
  closingMinor = 1_000_000n;
  private statements = 0;

  constructor(private readonly world: SettlementWorld) {}

  by<Command, Answer>(
    who: PartnerPrincipal,
    handle: (tx: never, ports: never, principal: never, command: Command, now: Date) => Promise<Answer>,
    command: Command,
  ): Promise<Answer> {
    return this.world.as(who, (tx, now) => handle(tx as never, this.world.ports as never, who as never, command, now));
  }

  async account(who: PartnerPrincipal, iban: string, confirm = true): Promise<void> {
    const proposed = await this.by(who, proposePayeeAccount, { iban, holder: 'Liffey Works' });
    if (confirm) await this.by(this.world.managerTwo, confirmPayeeAccount, { accountId: proposed.id });
  }

  /** One prepares a file of all that is open, another one releases it. */
  async send(executionDate: string): Promise<PaymentFile> {
    const file = await this.by(this.world.managerOne, preparePaymentFile, { executionDate });
    return this.by(this.world.managerTwo, releasePaymentFile, { paymentFileId: file.id });
  }

  imports(name: string, content: string): ReturnType<typeof importBankFile> {
    return this.by(this.world.managerOne, importBankFile, { name, content });
  }

  report(id: string, messageId: string, ...transfers: readonly Status[]): ReturnType<typeof importBankFile> {
    return this.imports(`${id}.xml`, pain002({ id, messageId, transfers }));
  }

  /** The next day's statement of the account. */
  async day(day: string, lines: readonly TestLine[]): ReturnType<typeof importBankFile> {
    this.statements += 1;
    const id = `STMT-${this.statements}`;
    const content = camt053({ id, iban: AUTHORITY_IBAN, day, openingMinor: this.closingMinor, lines });
    this.closingMinor = lines.reduce((sum, each) => sum + each.amountMinor, this.closingMinor);
    await this.world.setDay(day);
    return this.imports(`${day}.xml`, content);
  }

  async payable(providerId: string): Promise<PayableRow> {
    const [row] = await this.world.database.asOwner<PayableRow>(
      `select id, state, reason, end_to_end_id as "endToEndId", reference, amount_minor as "amountMinor" from settlement.payable
       where provider_id = $1`,
      [providerId],
    );
    if (row === undefined) throw new Error('The provider has no payable.');
    return row;
  }

  items(): Promise<ItemRow[]> {
    return this.world.database.asOwner<ItemRow>(
      `select id, kind, open, text from settlement.unmatched_item order by id`,
    );
  }

  async openItems(): Promise<ItemRow[]> {
    return (await this.items()).filter((item) => item.open);
  }
}
