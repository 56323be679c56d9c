import { Command } from 'commander';
import { asCurrency, dayIn, daysBetween, formatMinor } from '#libs/kernel/index.js';
import { listUnmatchedItems, type UnmatchedItem } from '#libs/settlement/index.js';
import { connectHub, withHub, type CliHub, type ConnectHub } from '../cli-hub.js';
import { EXIT, type Cli } from '../io.js';
import { OPERATOR } from '../operator.js';
import { readId } from '../options.js';
import { table } from '../table.js';

const PAGE = 500;
const ITEMS_MAX = 10_000;

interface Options {
  readonly all?: boolean;
  readonly authority?: string;
  readonly json?: boolean;
}

/** `liaison reconcile …`: what could not be matched. */
export function reconcileCommand(cli: Cli, connect: ConnectHub = connectHub): Command {
  const command = new Command('reconcile').description('Bank lines and payments that belong together.');
  command
    .command('breaks')
    .description('The queue of what could not be matched, oldest first. Answers 1 when something is open.')
    .option('--all', 'those that were resolved as well')
    .option('--authority <id>', 'of one authority only', readId)
    .option('--json', 'print the whole answer as JSON')
    .action(async (options: Options) => {
      const { items, today } = await withHub(connect, (hub) => load(hub, options));
      if (options.json === true) cli.io.out(JSON.stringify(items, digits, 2));
      else for (const line of asText(items, today)) cli.io.out(line);
      if (items.some((item) => item.open)) cli.exit(EXIT.failed);
    });
  return command;
}

const digits = (_key: string, value: unknown): unknown => (typeof value === 'bigint' ? value.toString() : value);

async function load(hub: CliHub, options: Options): Promise<{ items: readonly UnmatchedItem[]; today: string }> {
  return hub.unitOfWork.transaction(OPERATOR, async (tx, now) => {
    const items: UnmatchedItem[] = [];
    for (const open of options.all === true ? [true, false] : [true]) {
      for (let after: string | null = null; items.length < ITEMS_MAX;) {
        const { authority } = options;
        const page: UnmatchedItem[] = await listUnmatchedItems(tx, {
          open,
          after,
          limit: PAGE,
          ...(authority === undefined ? {} : { authorityId: authority }),
        });
        items.push(...page);
        const last = page.at(-1);
        if (last === undefined || page.length < PAGE) break;
        after = `${last.since} ${last.id}`;
      }
    }
    return { items, today: dayIn('UTC', now) };
  });
}

function asText(items: readonly UnmatchedItem[], today: string): string[] {
  const rows = items.map((item) => [
    item.since,
    String(daysBetween(item.since, today as typeof item.since)),
    item.kind,
    `${formatMinor(item.amountMinor, asCurrency(item.currency))} ${item.currency}`,
    item.open ? 'open' : 'resolved',
    item.text,
  ]);
  const list =
    rows.length === 0 ? [] : table(['Since', 'Days', 'Kind', 'Amount', 'State', 'What'], rows, ['Days', 'Amount']);
  return [...list, `${items.filter((item) => item.open).length} open.`];
}
