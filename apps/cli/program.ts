import { Command, CommanderError } from 'commander';
import { HubError } from '#libs/kernel/index.js';
import { booksCommand } from './commands/books.command.js';
import { casesCommand } from './commands/cases.command.js';
import { eventsCommand } from './commands/events.command.js';
import { importCommand } from './commands/import.command.js';
import { reconcileCommand } from './commands/reconcile.command.js';
import { tariffCommand } from './commands/tariff.command.js';
import { connectHub, type ConnectHub } from './cli-hub.js';
import { EXIT, type Cli, type ExitCode, type Io } from './io.js';

const HELP = `
Commands that look into a hub find the one on this machine (npm start) by its folder, LIAISON_VAR (var), and start its database for as
long as they run where no hub does; LIAISON_DATABASE_URL names another database. Numbers and lists are printed to be read; with --json
they are printed whole, to be worked with. Errors are one line on standard error, "sentence [code]".

Exit codes: 0 done; 1 the answer is no, or the input is wrong; 2 wrong use of the command; 3 there is no database to be reached.`;

/** Every group of commands, one file each. */
const GROUPS: readonly ((cli: Cli, connect: ConnectHub) => Command)[] = [
  tariffCommand,
  importCommand,
  booksCommand,
  casesCommand,
  eventsCommand,
  reconcileCommand,
];

/** Runs one command line (without node and script) and answers its exit code: 0 done, 1 the answer is no, 2 wrong use, 3 no database. */
export async function runCli(args: readonly string[], io: Io, connect: ConnectHub = connectHub): Promise<ExitCode> {
  let code: ExitCode = EXIT.ok;
  const cli: Cli = { io, exit: (said) => (code = said) };
  const program = makeProgram(cli, connect);
  configure(program, io);
  try {
    await program.parseAsync([...args], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    if (!(error instanceof HubError)) {
      io.error(`This should not have happened: ${error instanceof Error ? error.message : String(error)} [internal]`);
      return EXIT.failed;
    }
    io.error(`${error.message} [${error.code}]`);
    if (error.code === 'hub.database') return EXIT.unavailable;
    return error.code.startsWith('cli.') ? EXIT.usage : EXIT.failed;
  }
}

/** The whole tree of commands. */
export function makeProgram(cli: Cli, connect: ConnectHub): Command {
  const program = new Command('liaison').description('Liaison on the command line.').addHelpText('after', HELP);
  for (const group of GROUPS) program.addCommand(group(cli, connect));
  return program;
}

/** Commander writes to our streams and never ends the process; a command that is called wrongly shows how to call it. */
function configure(command: Command, io: Io): void {
  command
    .exitOverride()
    .showHelpAfterError('Add --help for how to use it.')
    .configureOutput({ writeOut: (text) => io.out(text.trimEnd()), writeErr: (text) => io.error(text.trimEnd()) });
  for (const inner of command.commands) configure(inner, io);
}
