import { addDays, type LocalDate } from '#libs/kernel/index.js';
import type { JobRecord } from '#tests/support/stand-in-register/records.js';
import type { StandInRegister } from '#tests/support/stand-in-register/stand-in-register.js';
import type { Story } from './stories.js';
import { TOO_LATE_DAYS } from './telling.js';

/** A correction that comes long after the fees were paid: days after the job's start on which it came, and when the job had ended. */
const CORRECTED_AFTER_DAYS = 240;
const HAD_ENDED_AFTER_DAYS = 150;

/** The authority's register, by its name in the program. */
export const REGISTER = 'employment';

/** Tells the register of all jobs, each with the day on which its employer does so: it knows nothing earlier. */
export async function tellRegister(register: StandInRegister, stories: readonly Story[]): Promise<void> {
  const response = await fetch(`${register.url(REGISTER)}/control/jobs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(stories.flatMap(recordsOf)),
  });
  if (!response.ok) throw new Error(`The register answered ${response.status}.`);
}

function recordsOf(story: Story): readonly JobRecord[] {
  const { job } = story;
  if (job === null) return [];
  const record = (revision: number, enteredOn: LocalDate, endedOn: LocalDate | null): JobRecord => ({
    ref: job.ref,
    revision,
    nationalId: story.nationalId,
    enteredOn,
    withdrawn: false,
    startedOn: job.startedOn,
    endedOn,
    contractType: job.contractType,
    contractMonths: job.contractMonths,
    weeklyHours: job.hours,
    normalHoursShare: job.share,
    insured: true,
    employerNumber: job.employerNumber,
    employerName: job.employerName,
  });
  // An employer that tells late as well: else the register would have known before the provider spoke.
  const told = story.mistake === 'reported-too-late' ? TOO_LATE_DAYS - 2 : 2;
  const began = record(1, addDays(job.startedOn, told), null);
  if (story.mistake === 'corrected-after-payment') {
    return [
      began,
      record(2, addDays(job.startedOn, CORRECTED_AFTER_DAYS), addDays(job.startedOn, HAD_ENDED_AFTER_DAYS)),
    ];
  }
  return job.endedOn === null ? [began] : [began, record(2, addDays(job.endedOn, 3), job.endedOn)];
}
