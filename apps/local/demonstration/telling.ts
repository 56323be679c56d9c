import { addDays, localDate, type LocalDate } from '#libs/kernel/index.js';
import type { GraphqlClient } from '#libs/testing/client.js';
import { act, attempt } from './api.js';
import type { Partners } from './partners.js';
import type { Progress } from './progress.js';
import { CORRECTION, workday, type Story } from './stories.js';
import { MUNICIPALITIES, SOCIAL_SERVICES, workerSubject } from './world.js';

/** Something somebody does on a day of the programme. */
export interface Scene {
  readonly day: LocalDate;
  readonly key: string;
  play(stage: Stage): Promise<void>;
}

export interface Stage {
  readonly partners: Partners;
  readonly progress: Progress;
}

/** A person's story as scenes, each played through the API by who would do it. */
export function scenesOf(story: Story): readonly Scene[] {
  const scene = (day: LocalDate, name: string, play: (stage: Stage, key: string) => Promise<void>): Scene => {
    const key = `${story.key}/${name}`;
    return { day, key, play: (stage) => play(stage, key) };
  };
  return [
    scene(story.referredOn, 'refer', (stage, key) => refer(stage, story, key)),
    scene(story.answeredOn, 'answer', (stage, key) => answer(stage, story, key)),
    ...(story.startedOn === null ? [] : [scene(story.startedOn, 'start', (stage, key) => start(stage, story, key))]),
    ...(story.planOn === null ? [] : [scene(story.planOn, 'plan', (stage, key) => agreePlan(stage, story, key))]),
    ...jobScenes(story, scene),
    ...(story.endedOn === null ? [] : [scene(story.endedOn, 'end', (stage, key) => end(stage, story, key))]),
    ...mistakeScenes(story, scene),
  ];
}

type MakeScene = (day: LocalDate, name: string, play: (stage: Stage, key: string) => Promise<void>) => Scene;

/** Long after the six months that the contract gives (its term `reportMonths`). */
export const TOO_LATE_DAYS = 330;

function jobScenes(story: Story, scene: MakeScene): readonly Scene[] {
  const { job } = story;
  if (job?.reported !== true) return [];
  const reported = workday(addDays(job.startedOn, story.mistake === 'reported-too-late' ? TOO_LATE_DAYS : 6));
  const ended = job.endedOn === null ? null : workday(addDays(job.endedOn, 4));
  return [
    scene(reported, 'job', (stage, key) => reportJob(stage, story, key)),
    ...(ended === null || ended <= reported
      ? []
      : [scene(ended, 'job-end', (stage, key) => reportJobEnd(stage, story, key))]),
  ];
}

/** The provider of a story's first offer: whom the person chose. */
const providerOf = (story: Story): string =>
  story.programme.contracts.find((contract) => contract.number === story.offers[0])?.provider ?? '';

async function refer({ partners, progress }: Stage, story: Story, key: string): Promise<void> {
  const counsellor = partners.counsellor();
  const { nationalId, givenName, familyName, birthDate } = story;
  const municipalityId = progress.get(`organisation/${story.municipality}`);
  const person = await act(
    counsellor,
    'registerPerson',
    'Person',
    { nationalId, givenName, familyName, birthDate, municipalityId },
    `${key}/person`,
  );
  progress.remember(`person/${story.key}`, String(person['id']));
  const draft = {
    personId: person['id'],
    service: 'placement',
    assessment: {
      group: story.programme.code === 'de' ? story.group : null,
      index: story.programme.code === 'it' ? story.index : null,
      source: 'profiling 2018',
      assessedAt: `${story.referredOn}T08:30:00Z`,
      reason: 'Profiling, confirmed in the first interview.',
    },
    unemployedSince: addDays(story.referredOn, -400),
    terms: story.voucherValue === null ? [] : [{ name: 'voucherValue', value: story.voucherValue }],
  };
  const referral = await act(counsellor, 'draftReferral', 'Referral', draft, `${key}/draft`);
  const referralId = String(referral['id']);
  progress.remember(`referral/${story.key}`, referralId);
  const contractIds = story.offers.map((number) => progress.get(`contract/${number}`));
  await act(
    counsellor,
    'openChoice',
    'Referral',
    { referralId, contractIds, chooseBy: addDays(story.referredOn, 7) },
    `${key}/choice`,
  );
  await act(
    counsellor,
    'chooseProvider',
    'Referral',
    { referralId, contractId: contractIds[0], chosenBy: 'PERSON' },
    `${key}/chosen`,
  );
}

async function answer({ partners, progress }: Stage, story: Story, key: string): Promise<void> {
  const referralId = progress.get(`referral/${story.key}`);
  if (story.answer === 'NONE') return;
  const adviser = partners.adviser(providerOf(story));
  if (story.answer === 'ACCEPT') {
    await act(adviser, 'acceptReferral', 'Referral', { referralId, ownReference: story.key.toUpperCase() }, key);
  } else if (story.answer === 'DECLINE') {
    await act(adviser, 'declineReferral', 'Referral', { referralId, code: 'NO_CAPACITY' }, key);
  } else {
    const counsellor = partners.counsellor();
    await act(
      counsellor,
      'requestCancellation',
      'Referral',
      { referralId, reason: 'The person found work.' },
      `${key}/requested`,
    );
    await act(adviser, 'confirmCancellation', 'Referral', { referralId }, `${key}/confirmed`);
  }
}

async function start({ partners, progress }: Stage, story: Story, key: string): Promise<void> {
  const referralId = progress.get(`referral/${story.key}`);
  await act(
    partners.adviser(providerOf(story)),
    'startReferral',
    'Referral',
    { referralId, startedOn: story.startedOn },
    key,
  );
}

async function agreePlan({ partners, progress }: Stage, story: Story, key: string): Promise<void> {
  const referralId = progress.get(`referral/${story.key}`);
  const input = { referralId, agreedOn: story.planOn, goals: ['A steady job within reach'] };
  // A referral that was entered in error meanwhile has no plan any more: the hub refuses, and that is right.
  await attempt(partners.adviser(providerOf(story)), 'agreePlan', 'Plan', input, key, 'version');
}

async function reportJob({ partners, progress }: Stage, story: Story, key: string): Promise<void> {
  const { job } = story;
  if (job === null) return;
  const input = {
    referralId: progress.get(`referral/${story.key}`),
    startedOn: job.startedOn,
    contractType: job.contractType,
    contractMonths: job.contractMonths,
    weeklyHours: job.hours,
    normalHoursShare: job.share,
    insured: true,
    employerNumber: job.employerNumber,
    employerName: job.employerName,
  };
  // The register may have told of the job before: then the report adds nothing, and the hub says so.
  const told = await attempt(partners.adviser(providerOf(story)), 'reportJob', 'Outcome', input, key);
  if (told.__typename === 'Outcome') progress.remember(`outcome/${story.key}`, String(told['id']));
}

async function reportJobEnd({ partners, progress }: Stage, story: Story, key: string): Promise<void> {
  const outcomeId = progress.find(`outcome/${story.key}`);
  if (outcomeId === undefined || story.job === null) return;
  const input = { outcomeId, endedOn: story.job.endedOn };
  await attempt(partners.adviser(providerOf(story)), 'reportJobEnd', 'Outcome', input, key);
}

async function end({ partners, progress }: Stage, story: Story, key: string): Promise<void> {
  const referralId = progress.get(`referral/${story.key}`);
  const adviser = partners.adviser(providerOf(story));
  if (story.endsEarly) {
    const input = { referralId, endedOn: story.endedOn, code: 'DISENGAGED' };
    await attempt(partners.counsellor(), 'endReferralEarly', 'Referral', input, key);
    return;
  }
  await attempt(adviser, 'completeReferral', 'Referral', { referralId, completedOn: story.endedOn }, key);
}

/** The mistakes that real programmes have, as far as somebody does something about them. */
function mistakeScenes(story: Story, scene: MakeScene): readonly Scene[] {
  const { mistake, startedOn } = story;
  if (mistake === null || startedOn === null) return [];
  const after = (days: number): LocalDate => workday(addDays(startedOn, days));
  switch (mistake) {
    case 'wrong-person':
      return [scene(after(20), 'wrong-person', (stage, key) => enterInError(stage, story, key))];
    case 'reported-twice':
      return [scene(after(60), 'reported-twice', (stage, key) => reportTwice(stage, story, key))];
    case 'assessment-corrected':
      return [scene(CORRECTED_ON, 'assessment', (stage, key) => correctAssessment(stage, story, key))];
    case 'moved':
      return [
        scene(after(10), 'team', (stage, key) => openTeam(stage, story, key)),
        scene(after(14), 'team-looks', (stage, key) => lookAsTeam(stage, story, key)),
        scene(after(40), 'move', (stage, key) => move(stage, story, key)),
      ];
    case 'look-up-without-relation':
      return [scene(after(5), 'look', (stage) => lookWithoutRelation(stage, story))];
    default:
      return [];
  }
}

async function enterInError({ partners, progress }: Stage, story: Story, key: string): Promise<void> {
  const input = {
    referralId: progress.get(`referral/${story.key}`),
    reason: 'Another person of the same name was meant.',
  };
  await act(partners.counsellor(), 'markEnteredInError', 'Referral', input, key);
}

/** A second provider, to which the person was referred later, reports the same job. */
async function reportTwice(stage: Stage, story: Story, key: string): Promise<void> {
  const { partners, progress } = stage;
  const { job } = story;
  const other = story.programme.contracts.find((contract) => contract.number === story.offers[1]);
  if (job === null || other === undefined) return;
  const counsellor = partners.counsellor();
  const assessment = {
    source: 'profiling 2018',
    assessedAt: `${story.referredOn}T08:30:00Z`,
    reason: 'Second service beside the first.',
  };
  const draft = { personId: progress.get(`person/${story.key}`), service: 'in-work-coaching', assessment, terms: [] };
  const referralId = (await act(counsellor, 'draftReferral', 'Referral', draft, `${key}/draft`))['id'];
  progress.remember(`second-referral/${story.key}`, String(referralId));
  const contractIds = [progress.get(`contract/${other.number}`)];
  await act(
    counsellor,
    'openChoice',
    'Referral',
    { referralId, contractIds, chooseBy: addDays(job.startedOn, 90) },
    `${key}/choice`,
  );
  await act(
    counsellor,
    'chooseProvider',
    'Referral',
    { referralId, contractId: contractIds[0], chosenBy: 'PERSON' },
    `${key}/chosen`,
  );
  const adviser = partners.adviser(other.provider);
  await act(adviser, 'acceptReferral', 'Referral', { referralId }, `${key}/accept`);
  const { startedOn, contractType, contractMonths, hours, share, employerNumber, employerName } = job;
  const report = {
    referralId,
    startedOn,
    contractType,
    contractMonths,
    weeklyHours: hours,
    normalHoursShare: share,
    insured: true,
    employerNumber,
    employerName,
  };
  await attempt(adviser, 'reportJob', 'Outcome', report, `${key}/report`);
}

/** The review comes weeks before its result applies, and after the first half was paid. */
const CORRECTED_ON = localDate('2019-01-15');

async function correctAssessment({ partners, progress }: Stage, story: Story, key: string): Promise<void> {
  const input = {
    referralId: progress.get(`referral/${story.key}`),
    assessment: {
      index: CORRECTION.corrected,
      source: 'review',
      assessedAt: `${CORRECTED_ON}T08:30:00Z`,
      reason: 'Two years of work abroad had been overlooked.',
    },
    appliesFrom: CORRECTION.from,
  };
  await act(partners.counsellor(), 'correctAssessment', 'Referral', input, key);
}

/** The municipality and a social service join the case team, with the person's permission. */
async function openTeam({ partners, progress }: Stage, story: Story, key: string): Promise<void> {
  const counsellor = partners.counsellor();
  for (const name of teamOf(story)) {
    const team = {
      personId: progress.get(`person/${story.key}`),
      organisationId: progress.get(`organisation/${name}`),
      purpose: 'INTEGRATED_CASE',
    };
    await act(counsellor, 'inviteToCaseTeam', 'CaseTeam', team, `${key}/${name}/invited`, 'personId');
    const permission = { ...team, effect: 'GIVEN', channel: 'PAPER' };
    await act(counsellor, 'recordPermission', 'CaseTeam', permission, `${key}/${name}/permitted`, 'personId');
  }
}

const teamOf = (story: Story): readonly string[] => [story.municipality, ...SOCIAL_SERVICES.slice(0, 1)];

/** Each of the team finds the person by the national identifier, and keeps its own reference for the next time. */
async function lookAsTeam({ partners }: Stage, story: Story, key: string): Promise<void> {
  for (const name of teamOf(story)) {
    const worker = partners.as(workerSubject(name));
    const personId = await personOfCase(worker, story);
    if (personId === null) throw new Error(`${name} is in the case team and was not shown the case.`);
    const input = { personId, ownReference: `${story.key}/2018` };
    await act(worker, 'setOwnReference', 'CaseTeam', input, `${key}/${name}`, 'personId');
  }
}

async function personOfCase(worker: GraphqlClient, story: Story): Promise<string | null> {
  const { sharedCase } = await worker.ask<{ sharedCase: { person: { id: string } } | null }>(
    `query ($nationalId: String!) { sharedCase(purpose: INTEGRATED_CASE, by: { nationalId: $nationalId }) { person { id } } }`,
    { nationalId: story.nationalId },
  );
  return sharedCase?.person.id ?? null;
}

async function move({ partners, progress }: Stage, story: Story, key: string): Promise<void> {
  const elsewhere = MUNICIPALITIES.find((name) => name !== story.municipality) ?? '';
  const input = {
    personId: progress.get(`person/${story.key}`),
    municipalityId: progress.get(`organisation/${elsewhere}`),
    movedOn: addDays(story.startedOn ?? localDate('2018-03-01'), 35),
  };
  await act(partners.counsellor(), 'movePerson', 'Person', input, key);
}

/** Asked without a relation: the answer is the same as for somebody who does not exist, and the look is in the log. */
async function lookWithoutRelation({ partners }: Stage, story: Story): Promise<void> {
  const stranger = MUNICIPALITIES.find((name) => name !== story.municipality) ?? '';
  if ((await personOfCase(partners.as(workerSubject(stranger)), story)) !== null)
    throw new Error('Somebody without a relation was shown a case.');
}
