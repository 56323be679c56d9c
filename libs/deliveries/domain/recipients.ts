/** Which event types go into partners' feeds, and what they are about. */
export const FED_SUBJECTS = [
  'referral',
  'plan',
  'outcome',
  'claim',
  'provider-statement',
  'payable',
  'recovery',
  'case-team',
] as const;

/** Facts between the hub's own capabilities: nobody outside has a use for them. */
const INTERNAL: ReadonlySet<string> = new Set(['liaison.referral.drafted.v1', 'liaison.referral.reassessed.v1']);

export const isFed = (type: string): boolean =>
  !INTERNAL.has(type) && FED_SUBJECTS.some((subject) => type.startsWith(`liaison.${subject}.`));

export const subjectKindOf = (type: string): string => type.split('.')[1] ?? '';

/** The organisations an event names: they took part in what happened. */
export function namedIn(data: unknown): readonly string[] {
  const { authorityId, providerId, organisationId } = data as Readonly<Record<string, unknown>>;
  return [authorityId, providerId, organisationId].filter((id): id is string => typeof id === 'string');
}
