import { Command } from 'commander';
import { asCurrency, dayIn, daysBetween, formatMinor, type LocalDate } from '#libs/kernel/index.js';
import { findOrganisation } from '#libs/partners/index.js';
import { listUnmatchedItems, type UnmatchedItem } from '#libs/settlement/index.js';
import { withHub, type CliHub, type ConnectHub } from '../cli-hub.js';
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
export function reconcileCommand(cli: Cli, connect: ConnectHub): Command {
  const command = new Command('reconcile').description('Bank lines and payments that belong together.');
  command
    .command('breaks')
    .description('The queue of what could not be matched, oldest first. Answers 1 when something is open.')
    .option('--all', 'those that were resolved as well')
    .option('--authority <id>', 'of one authority only', readId)
    .option('--json', 'print the whole answer as JSON')
    .action(async (options: Options) => {
      const { items, more, today } = await withHub(connect, (hub) => load(hub, options));
      if (options.json === true) cli.io.out(JSON.stringify(items, digits, 2));
      else for (const line of asText(items, today)) cli.io.out(line);
      if (more) cli.io.error(`These are the first ${items.length}, there are more: --authority shows those of one.`);
      if (items.some((item) => item.open)) cli.exit(EXIT.failed);
    });
  return command;
}

const digits = (_key: string, value: unknown): unknown => (typeof value === 'bigint' ? value.toString() : value);

interface Loaded {
  readonly items: readonly UnmatchedItem[];
  /** There are more than a list can be read of. */
  readonly more: boolean;
  /** By authority, in its own time zone. */
  readonly today: ReadonlyMap<string, LocalDate>;
}

async function load(hub: CliHub, options: Options): Promise<Loaded> {
  return hub.unitOfWork.transaction(OPERATOR, async (tx, now) => {
    const { authority } = options;
    const of = authority === undefined ? {} : { authorityId: authority };
    const items: UnmatchedItem[] = [];
    for (const open of options.all === true ? [true, false] : [true]) {
      for (let after: string | null = null; items.length <= ITEMS_MAX;) {
        const page: UnmatchedItem[] = await listUnmatchedItems(tx, { open, after, limit: PAGE, ...of });
        items.push(...page);
        const last = page.at(-1);
        if (last === undefined || page.length < PAGE) break;
        after = `${last.since} ${last.id}`;
      }
    }
    const today = new Map<string, LocalDate>();
    for (const id of new Set(items.map(({ authorityId }) => authorityId)))
      today.set(id, dayIn((await findOrganisation(tx, id))?.timeZone ?? 'UTC', now));
    return { items: items.slice(0, ITEMS_MAX), more: items.length > ITEMS_MAX, today };
  });
}

function asText(items: readonly UnmatchedItem[], today: Loaded['today']): string[] {
  const rows = items.map((item) => [
    item.since,
    String(daysBetween(item.since, today.get(item.authorityId) ?? item.since)),
    item.kind,
    `${formatMinor(item.amountMinor, asCurrency(item.currency))} ${item.currency}`,
    stateOf(item),
    bestCandidate(item),
    item.text,
  ]);
  const names = ['Since', 'Days', 'Kind', 'Amount', 'State', 'Best candidate', 'What'];
  const list = rows.length === 0 ? [] : table(names, rows, ['Days', 'Amount']);
  return [...list, `${items.filter((item) => item.open).length} open.`];
}

/** Somebody may have said already what it was, and wait for a second person. */
const stateOf = ({ open, settlement }: UnmatchedItem): string =>
  !open ? 'resolved' : settlement === null ? 'open' : `open, proposed as ${settlement.as}`;

/** What it most likely belongs to, and why: the first that matching proposed. */
function bestCandidate({ candidates }: UnmatchedItem): string {
  const [best, ...rest] = candidates;
  if (best === undefined) return '';
  return `payable ${best.payableId}: ${best.why}${rest.length === 0 ? '' : ` (and ${rest.length} more)`}`;
}
