import { addDays, addMonths, decimal, HubError, type Decimal, type LocalDate } from '#libs/kernel/index.js';
import type { ContractType } from '../contract/outcome.js';

/** One piece of work of one person, as somebody states it. Hours and shares are digits and a point: exact, never a float. */
export interface Spell {
  readonly startedOn: LocalDate;
  /** The last day in the job; null while it lasts. */
  readonly endedOn: LocalDate | null;
  readonly contractType: ContractType;
  /** Whole months the contract was agreed for at its beginning; null for one without an end. */
  readonly contractMonths: number | null;
  readonly weeklyHours: string;
  /** Part of a full-timer's hours there. */
  readonly normalHoursShare: string | null;
  /** Subject to social insurance. */
  readonly insured: boolean;
  /** The employer's number in the country's business register. */
  readonly employerRef: string;
}

export const START_AHEAD_DAYS_MAX = 31;
export const SPELL_YEARS_MAX = 60;
const refused = (code: string, field: string, rule: string): HubError =>
  new HubError(`outcome.${code}`, rule, { field });
const tooLong = refused('too-long', 'startedOn', `A job of more than ${SPELL_YEARS_MAX} years cannot be.`);

const WEEK_HOURS = 168;
const CONTRACT_MONTHS_MAX = 600;
const EMPLOYER_REF = /^[A-Z0-9][A-Z0-9./-]{0,39}$/;

/** One employer, one spelling: registers and people write the number with and without spaces. */
export const employerRef = (employerNumber: string): string => employerNumber.replace(/\s+/g, '').toUpperCase();

/** The same job: what two reports of one job have in common. */
export const isSameJob = (a: Spell, b: Spell): boolean =>
  a.employerRef === b.employerRef && a.startedOn === b.startedOn;

export const isSameSpell = (a: Spell, b: Spell): boolean =>
  isSameJob(a, b) &&
  a.endedOn === b.endedOn &&
  a.contractType === b.contractType &&
  a.contractMonths === b.contractMonths &&
  a.insured === b.insured &&
  isSameNumber(a.weeklyHours, b.weeklyHours) &&
  isSameNumber(a.normalHoursShare, b.normalHoursShare);

const isSameNumber = (a: string | null, b: string | null): boolean =>
  a === null || b === null ? a === b : decimal(a).equals(decimal(b));

/** Says what is impossible in what a provider says today: the field and the rule; undefined when nothing is. */
export const spellRefused = (spell: Spell, today: LocalDate): HubError | undefined =>
  aheadRefused(spell, today) ?? spellImpossible(spell) ?? contractRefused(spell);

function aheadRefused({ startedOn, endedOn }: Spell, today: LocalDate): HubError | undefined {
  if (startedOn > addDays(today, START_AHEAD_DAYS_MAX)) {
    return refused('start-far-ahead', 'startedOn', `A job is reported at most ${START_AHEAD_DAYS_MAX} days ahead.`);
  }
  if (endedOn !== null && endedOn > today) {
    return refused('end-ahead', 'endedOn', 'The end of a job is reported when it has come.');
  }
  return addMonths(startedOn, SPELL_YEARS_MAX * 12) < (endedOn ?? today) ? tooLong : undefined;
}

/** Says what cannot be in a spell whoever states it, a register among them. */
export function spellImpossible(spell: Spell): HubError | undefined {
  const { startedOn, endedOn } = spell;
  if (endedOn !== null && endedOn < startedOn) {
    return refused('ends-before-start', 'endedOn', `The job ends on ${endedOn}, before it starts on ${startedOn}.`);
  }
  if (endedOn !== null && addMonths(startedOn, SPELL_YEARS_MAX * 12) < endedOn) return tooLong;
  return hoursRefused(spell) ?? employerRefused(spell);
}

function contractRefused({ contractType, contractMonths }: Spell): HubError | undefined {
  if (contractMonths === null) {
    return contractType === 'FIXED_TERM'
      ? refused('contract-months', 'contractMonths', 'A fixed-term contract states the months it was agreed for.')
      : undefined;
  }
  if (contractType === 'OPEN_ENDED') {
    return refused('contract-months', 'contractMonths', 'An open-ended contract has no agreed length.');
  }
  return Number.isInteger(contractMonths) && contractMonths >= 0 && contractMonths <= CONTRACT_MONTHS_MAX
    ? undefined
    : refused('contract-months', 'contractMonths', `Whole months, 0 to ${CONTRACT_MONTHS_MAX}.`);
}

function hoursRefused({ weeklyHours, normalHoursShare }: Spell): HubError | undefined {
  const hours = numberIn(weeklyHours);
  if (hours === undefined || hours.compare(0) <= 0 || hours.compare(WEEK_HOURS) > 0) {
    return refused('hours', 'weeklyHours', `Hours a week are digits and a point, above 0 and at most ${WEEK_HOURS}.`);
  }
  if (normalHoursShare === null) return undefined;
  const share = numberIn(normalHoursShare);
  return share === undefined || share.compare(0) <= 0 || share.compare(1) > 0
    ? refused('hours-share', 'normalHoursShare', 'The share of normal hours is above 0 and at most 1.')
    : undefined;
}

const employerRefused = (spell: Spell): HubError | undefined =>
  EMPLOYER_REF.test(spell.employerRef)
    ? undefined
    : refused(
        'employer',
        'employerNumber',
        'An employer number has 1 to 40 letters, digits, points, slashes, hyphens.',
      );

const NUMBER = /^-?\d{1,12}(\.\d{1,12})?$/;

const numberIn = (text: string): Decimal | undefined => (NUMBER.test(text) ? decimal(text) : undefined);
