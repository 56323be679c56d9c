import { Command } from 'commander';
import { verify } from '#libs/books/index.js';
import { withHub, type ConnectHub } from '../cli-hub.js';
import { EXIT, type Cli } from '../io.js';
import { OPERATOR } from '../operator.js';
import { table } from '../table.js';

/** `liaison books …`: proves that the ledger is what was written into it. */
export function booksCommand(cli: Cli, connect: ConnectHub): Command {
  const command = new Command('books').description('The double-entry ledger.');
  command
    .command('verify')
    .description(
      'Derive everything again: sums, balances, reversals, hashes and the chain. Answers 1 when something does not hold.',
    )
    .option('--json', 'print the whole answer as JSON')
    .action(async (options: { json?: boolean }) => {
      const result = await withHub(connect, (hub) => hub.unitOfWork.transaction(OPERATOR, (tx) => verify(tx)));
      if (options.json === true) cli.io.out(JSON.stringify(result, null, 2));
      else {
        const rows = result.findings.map(({ invariant, at }) => [invariant, at]);
        if (rows.length > 0) for (const line of table(['What does not hold', 'Where'], rows)) cli.io.out(line);
        cli.io.out(
          `${result.journals} journals in ${result.batches} batches, ${result.checks} checks, ${result.findings.length} findings.`,
        );
      }
      if (result.findings.length > 0) cli.exit(EXIT.failed);
    });
  return command;
}
