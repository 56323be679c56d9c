import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addDays, localDate, type LocalDate } from '#libs/kernel/index.js';
import type { OutcomeId } from '../contract/outcome.js';
import { referralFor, type ReferralView } from './attribution.js';
import { evolve } from './evolve.js';
import { begin, decide, decideNew, twinOf, type NewOutcome, type Outcome } from './outcome.js';
import { placeChange, type KnownRegisterSpell, type RegisterChange } from './register-feed.js';

const today = localDate('2019-06-01');
const at = new Date('2019-06-01T00:00:00Z');

/** What stands after changes came in this order: the same steps the handler takes, in memory. */
class Person {
  readonly outcomes = new Map<string, Outcome>();
  private readonly known = new Map<string, KnownRegisterSpell>();

  receive(change: RegisterChange): void {
    const { registerRef, revision } = change;
    const placement = placeChange(change, this.known.get(registerRef), [...this.outcomes.values()]);
    let outcomeId = this.known.get(registerRef)?.outcomeId ?? null;
    switch (placement.do) {
      case 'nothing':
        return;
      case 'remember':
        break;
      case 'detect':
        outcomeId = this.detect(change);
        break;
      case 'apply': {
        const linked = { ...placement.outcome, registerRef };
        const twin =
          twinOf({ ...linked, spell: change.spell }, [...this.outcomes.values()]) === undefined ? 'NONE' : 'PROVEN';
        this.keep(linked, decide(linked, { type: 'ApplyRegisterSpell', spell: change.spell, twin }, today));
        outcomeId = linked.id;
        break;
      }
      case 'reverse':
        this.keep(placement.outcome, decide(placement.outcome, { type: 'ReverseOutcome', reason: 'WITHDRAWN' }, today));
        break;
    }
    this.known.set(registerRef, { revision, outcomeId });
  }

  private detect({ registerRef, revision, spell }: RegisterChange): string {
    const id = `${registerRef}/${String(revision)}` as OutcomeId;
    const twin = twinOf({ id, spell }, [...this.outcomes.values()]) === undefined ? 'NONE' : 'PROVEN';
    const parties = { personId: 'p', authorityId: 'a', referral: null };
    const command: NewOutcome = { type: 'DetectJob', id, ...parties, spell, employerName: null, registerRef, twin };
    this.keep(begin(command), decideNew(command, today));
    return id;
  }

  private keep(outcome: Outcome, decision: ReturnType<typeof decide>): void {
    if (!decision.ok) throw decision.error;
    this.outcomes.set(
      outcome.id,
      decision.value.reduce((state, event) => evolve(state, event, at), outcome),
    );
  }

  /** Jobs that count, as a reader sees them. */
  standing(): unknown[] {
    return [...this.outcomes.values()]
      .filter((outcome) => outcome.state !== 'REVERSED')
      .map(({ state, registerRef, spell }) => ({ state, registerRef, spell }))
      .sort((a, b) => String(a.registerRef).localeCompare(String(b.registerRef)));
  }
}

const history = (registerRef: string): fc.Arbitrary<RegisterChange[]> =>
  fc
    .array(
      fc.record({
        withdrawn: fc.boolean(),
        start: fc.integer({ min: 0, max: 20 }),
        length: fc.option(fc.integer({ min: 0, max: 200 })),
        weeklyHours: fc.constantFrom('15', '30', '35.5'),
      }),
      { minLength: 1, maxLength: 5 },
    )
    .map((changes) =>
      changes.map(({ withdrawn, start, length, weeklyHours }, index) => {
        const startedOn = addDays(localDate('2018-01-01'), start);
        return {
          registerRef,
          revision: index + 1,
          withdrawn,
          employerName: null,
          spell: {
            startedOn,
            endedOn: length === null ? null : addDays(startedOn, length),
            contractType: 'OPEN_ENDED',
            contractMonths: null,
            weeklyHours,
            normalHoursShare: null,
            insured: true,
            employerRef: `E-${registerRef}`,
          },
        };
      }),
    );

const received = (changes: readonly RegisterChange[]): unknown[] => {
  const person = new Person();
  for (const change of changes) person.receive(change);
  return person.standing();
};

describe('the register’s feed', () => {
  const feed = fc.tuple(history('R1'), history('R2'), history('R3')).map((histories) => histories.flat());

  it('ends the same in whatever order and however often its changes come', () => {
    fc.assert(
      fc.property(
        feed.chain((changes) =>
          fc.tuple(
            fc.constant(changes),
            fc.shuffledSubarray(changes, { minLength: changes.length }),
            fc.array(fc.constantFrom(...changes)),
          ),
        ),
        ([changes, shuffled, again]) => {
          expect(received([...shuffled, ...again])).toEqual(received(changes));
        },
      ),
    );
  });

  it('shows of each job the last revision, or nothing where that takes it back', () => {
    fc.assert(
      fc.property(history('R1'), (changes) => {
        const last = changes.at(-1)!;
        const expected = last.withdrawn ? [] : [{ state: 'VERIFIED', registerRef: 'R1', spell: last.spell }];
        expect(received(changes)).toEqual(expected);
      }),
    );
  });
});

describe('a detected job', () => {
  const referral = (referralId: string, acceptedOn: LocalDate, endedOn: LocalDate | null = null): ReferralView => ({
    referralId,
    personId: 'p',
    authorityId: 'a',
    providerId: 'x',
    state: endedOn === null ? 'STARTED' : 'COMPLETED',
    acceptedOn,
    endedOn,
  });
  const job = { startedOn: localDate('2018-05-02') };
  const forJob = (referrals: ReferralView[]) =>
    referralFor(
      {
        ...job,
        endedOn: null,
        contractType: 'OPEN_ENDED',
        contractMonths: null,
        weeklyHours: '35',
        normalHoursShare: null,
        insured: true,
        employerRef: 'E',
      },
      referrals,
    )?.referralId;

  it('belongs to the latest referral whose time it falls into', () => {
    const early = referral('early', localDate('2018-01-01'));
    const late = referral('late', localDate('2018-04-01'));
    expect(forJob([early, late])).toBe('late');
    expect(forJob([late, early])).toBe('late');
    expect(forJob([referral('after', localDate('2018-05-03'))])).toBeUndefined();
  });

  it('belongs to nobody long after the service, or when the referral was an error', () => {
    expect(forJob([referral('just', localDate('2017-01-01'), localDate('2018-02-01'))])).toBe('just');
    expect(forJob([referral('long ago', localDate('2017-01-01'), localDate('2018-01-31'))])).toBeUndefined();
    expect(forJob([{ ...referral('error', localDate('2018-01-01')), state: 'ENTERED_IN_ERROR' }])).toBeUndefined();
  });
});
