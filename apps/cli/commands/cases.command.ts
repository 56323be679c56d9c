import { Command } from 'commander';
import { PostgresPersonStore, PostgresReceivedStore, rebuildAllSharedCases } from '#libs/cases/index.js';
import { withHub, type ConnectHub } from '../cli-hub.js';
import type { Cli } from '../io.js';
import { OPERATOR } from '../operator.js';

/** `liaison cases …`: the shared-case read model. */
export function casesCommand(cli: Cli, connect: ConnectHub): Command {
  const command = new Command('cases').description('The shared-case read model.');
  command
    .command('rebuild')
    .description('Build every shared case anew from what was received. Can be stopped and run again at any time.')
    .option('--json', 'print the answer as JSON')
    .action(async (options: { json?: boolean }) => {
      const stores = { persons: new PostgresPersonStore(), received: new PostgresReceivedStore() };
      const rebuilt = await withHub(connect, (hub) => rebuildAllSharedCases(hub.unitOfWork, OPERATOR, stores));
      cli.io.out(options.json === true ? JSON.stringify({ rebuilt }) : `${rebuilt} shared cases rebuilt.`);
    });
  return command;
}
