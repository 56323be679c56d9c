import { HubError, localDate } from '#libs/kernel/index.js';

const MOMENT = /^(\d{4}-\d{2}-\d{2})(T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,9})?)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d))?$/;

/** Refuses what is no day and no moment with a zone: without one, it would depend on the machine. Error: `moment.invalid`. */
export function checkMoment(text: unknown): void {
  const day = typeof text === 'string' ? MOMENT.exec(text)?.[1] : undefined;
  try {
    if (day !== undefined && localDate(day) === day) return;
  } catch {
    // Answered below.
  }
  throw new HubError(
    'moment.invalid',
    `${JSON.stringify(text)} is not a moment: a day (2018-03-01), or a time with its zone (2018-03-01T08:00:00Z).`,
  );
}

const DAY_LENGTH = 10;

/** Milliseconds of a moment; a day alone is its beginning, or its last moment where it ends something. */
export const momentMs = (text: string, end = false): number =>
  text.length === DAY_LENGTH ? Date.parse(`${text}T${end ? '23:59:59.999' : '00:00:00'}Z`) : Date.parse(text);
