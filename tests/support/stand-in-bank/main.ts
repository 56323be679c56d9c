import { parseArgs } from 'node:util';
import { asCurrency, localDate, parseMinor } from '#libs/kernel/index.js';
import { runBankDay, type Stray } from './bank.js';
import { USUAL } from './habits.js';

const USAGE = `Usage: main.js --in FOLDER --out FOLDER --day YYYY-MM-DD --seed TEXT
  [--closed IBAN]…            an account that is closed: what is paid there comes back
  [--stray ACCOUNT:AMOUNT]…   a line nobody ordered on that day, for example DE02120300000000202051:-12.50
  [--reject-per-mille N] [--return-per-mille N] [--lose-id-per-mille N] [--opening AMOUNT]
Lives one day of the bank and says on one line which files it wrote. The same day again changes nothing.`;

const EURO = asCurrency('EUR');
const text = { type: 'string' } as const;
const many = { type: 'string', multiple: true, default: [] as string[] } as const;

function stray(argument: string): Stray {
  const [account = '', amount = ''] = argument.split(':');
  return { account, amountMinor: parseMinor(amount.replace('+', ''), EURO), text: 'Unknown purpose' };
}

const perMille = (value: string | undefined, usual: number): number => {
  const number = value === undefined ? usual : Number(value);
  if (Number.isInteger(number) && number >= 0 && number <= 1000) return number;
  throw new Error(`"${String(value)}" is not a whole number from 0 to 1000.`);
};

function required(value: string | undefined, name: string): string {
  if (value !== undefined && value !== '') return value;
  throw new Error(`--${name} is missing.`);
}

try {
  const { values } = parseArgs({
    options: {
      ...{ in: text, out: text, day: text, seed: text, closed: many, stray: many, opening: text },
      ...{ 'reject-per-mille': text, 'return-per-mille': text, 'lose-id-per-mille': text },
    },
  });
  const report = runBankDay({
    inFolder: required(values.in, 'in'),
    outFolder: required(values.out, 'out'),
    day: localDate(required(values.day, 'day')),
    strays: values.stray.map(stray),
    habits: {
      seed: required(values.seed, 'seed'),
      rejectPerMille: perMille(values['reject-per-mille'], USUAL.rejectPerMille),
      returnPerMille: perMille(values['return-per-mille'], USUAL.returnPerMille),
      loseIdPerMille: perMille(values['lose-id-per-mille'], USUAL.loseIdPerMille),
      closedAccounts: values.closed,
      openingMinor: values.opening === undefined ? USUAL.openingMinor : parseMinor(values.opening, EURO),
    },
  });
  console.log(JSON.stringify(report));
} catch (error) {
  console.error(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
  process.exitCode = 2;
}
