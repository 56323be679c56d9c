import { CODE_LENGTH_MAX, decimal, HubError, isCode } from '#libs/kernel/index.js';
import type { Assessment } from './referral.js';

const TEXT_LENGTH_MAX = 500;

/** An assessment has a group or an index (a share from 0 to 1), a source, a reason and a moment that has come. The hub scores nobody. */
export function checkAssessment(assessment: Assessment, now: Date): void {
  const refuse = (field: string, message: string): never => {
    throw new HubError('assessment.invalid', message, { field: `assessment.${field}` });
  };
  if (assessment.index !== null) {
    const index = decimal(assessment.index);
    if (index.compare(0) < 0 || index.compare(1) > 0) refuse('index', 'The index is a share from 0 to 1.');
  }
  if (assessment.group !== null && !isCode(assessment.group)) {
    refuse('group', `A group has 1 to ${CODE_LENGTH_MAX} characters.`);
  }
  if (!isCode(assessment.source)) {
    refuse('source', `An assessment names its source, in 1 to ${CODE_LENGTH_MAX} characters.`);
  }
  if (assessment.reason.trim() === '' || assessment.reason.length > TEXT_LENGTH_MAX) {
    refuse('reason', `An assessment has a reason of 1 to ${TEXT_LENGTH_MAX} characters.`);
  }
  const assessedAt = Date.parse(assessment.assessedAt);
  if (Number.isNaN(assessedAt)) refuse('assessedAt', 'The moment of the assessment is an RFC 3339 date and time.');
  if (assessedAt > now.getTime())
    refuse('assessedAt', 'An assessment is not made in the future: what it applies from may be later.');
}
