import { Command, InvalidArgumentError } from 'commander';
import { HubError } from '#libs/kernel/index.js';
import { lagOfGroups } from '#libs/platform/events/lag.js';
import {
  dropUnhandled,
  listUnhandled,
  replayUnhandled,
  type Unhandled,
} from '#libs/platform/events/unhandled.store.js';
import { withHub, type CliHub, type ConnectHub } from '../cli-hub.js';
import { EXIT, type Cli } from '../io.js';
import { OPERATOR } from '../operator.js';
import { table } from '../table.js';

const LIST_MAX = 500;

interface Json {
  readonly json?: boolean;
}

/** `liaison events …`: what is behind, what could not be handled, and what to do about it. */
export function eventsCommand(cli: Cli, connect: ConnectHub): Command {
  const command = new Command('events').description('The event log: what is behind, and what could not be handled.');
  command
    .command('lag')
    .description(
      'How many events each group is behind, and how old the oldest of them is. Of a cluster on Kafka its metrics tell.',
    )
    .option('--json', 'print the answer as JSON')
    .action(async (options: Json) => {
      const lag = await withHub(connect, (hub) => hub.unitOfWork.transaction(OPERATOR, (tx) => lagOfGroups(tx)));
      if (options.json === true) {
        cli.io.out(JSON.stringify(lag, null, 2));
        return;
      }
      const rows = lag.map(({ group, behind, oldestAgeMs }) => [
        group,
        String(behind),
        (oldestAgeMs / 1_000).toFixed(1),
      ]);
      for (const line of table(['Group', 'Behind', 'Oldest (s)'], rows, ['Behind', 'Oldest (s)'])) cli.io.out(line);
    });
  listing(command, cli, connect, 'parked', 'Events that wait for another try, and those that queue behind them.', [
    'PARKED',
    'QUEUED',
  ]);
  listing(command, cli, connect, 'dead', 'Events that can never pass as they are.', ['DEAD']);
  command
    .command('replay')
    .description('Let parked and dead events be tried again at once; with --drop: never again, for the reason given.')
    .argument(
      '[ids...]',
      'numbers of the events (else all of them; with --drop they must be named)',
      (text: string, before?: bigint[]) => [...(before ?? []), number(text)],
    )
    .option('--drop <reason>', 'give these events up for the reason given, which is kept')
    .option('--json', 'print the answer as JSON')
    .action(async (ids: readonly bigint[] | undefined, options: Json & { drop?: string }) => {
      const { drop } = options;
      if (drop !== undefined && (ids ?? []).length === 0)
        throw new HubError(
          'cli.ids',
          'Name the events to be given up by their numbers: `events dead` and `events parked` show them.',
        );
      const count = await withHub(connect, (hub) =>
        drop === undefined ? replay(hub, ids) : giveUp(hub, ids ?? [], drop),
      );
      const what = drop === undefined ? 'will be tried again' : 'given up';
      cli.io.out(options.json === true ? JSON.stringify({ count }) : `${count} events ${what}.`);
      if (count === 0) cli.exit(EXIT.failed);
    });
  return command;
}

function listing(
  command: Command,
  cli: Cli,
  connect: ConnectHub,
  name: string,
  description: string,
  states: readonly Unhandled['state'][],
): void {
  command
    .command(name)
    .description(`${description} Answers 1 when there are some.`)
    .option('--json', 'print the answer as JSON')
    .action(async (options: Json) => {
      const list = await withHub(connect, (hub) =>
        hub.unitOfWork.transaction(OPERATOR, (tx) => listUnhandled(tx, { states, limit: LIST_MAX })),
      );
      if (options.json === true) {
        cli.io.out(
          JSON.stringify(list, (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value), 2),
        );
      } else {
        const rows = list.map((row) => [
          String(row.id),
          row.state,
          row.reaction,
          row.key,
          String(row.attempts),
          row.cause,
        ]);
        for (const line of table(['Number', 'State', 'Reaction', 'Key', 'Tries', 'Cause'], rows, ['Number', 'Tries']))
          cli.io.out(line);
      }
      if (list.length > 0) cli.exit(EXIT.failed);
    });
}

const replay = (hub: CliHub, ids: readonly bigint[] | undefined): Promise<number> =>
  hub.unitOfWork.transaction(OPERATOR, (tx) => replayUnhandled(tx, ids === undefined || ids.length === 0 ? null : ids));

async function giveUp(hub: CliHub, ids: readonly bigint[], reason: string): Promise<number> {
  return hub.unitOfWork.transaction(OPERATOR, async (tx) => {
    let dropped = 0;
    for (const id of ids) if (await dropUnhandled(tx, id, reason)) dropped += 1;
    return dropped;
  });
}

function number(text: string): bigint {
  if (!/^\d{1,18}$/.test(text)) throw new InvalidArgumentError('The number of an event is digits.');
  return BigInt(text);
}
