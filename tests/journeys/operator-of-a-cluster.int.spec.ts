import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freePorts } from '#libs/testing/free-port.js';
import { startKafka } from '#libs/testing/kafka.js';
import { build, leave, newPlace, startLocal, type LocalRun, type Place } from '#tests/support/local-run.js';
import { startStandInCollector, type Span, type StandInCollector } from '#tests/support/stand-in-collector.js';

const PROCESSES = ['api', 'relay-1', 'relay-2', 'referrals', 'vacancies', 'outcomes'];
const kafka = await startKafka();

/** The operator of a cluster starts it with one command, and follows what one command of a partner caused. */
(kafka === undefined ? describe.skip : describe)('the operator of a cluster', () => {
  let place: Place;
  let collector: StandInCollector;
  let run: LocalRun;
  beforeAll(async () => {
    build();
    place = await newPlace();
    collector = await startStandInCollector();
    run = startLocal('cluster', place, {
      LIAISON_PLAY_UNTIL: '2018-03-10',
      KAFKA_BROKERS: kafka!.brokers.join(','),
      LIAISON_PROCESS_PORT: String(await freePorts(PROCESSES.length)),
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    });
    await run.result();
  }, 1_800_000);
  afterAll(async () => {
    if (!run.isOver()) run.child.kill('SIGTERM');
    await run.ended;
    await collector.stop();
    leave(place);
  });

  const traceOf = (span: Span): readonly Span[] => collector.spans.filter(({ traceId }) => traceId === span.traceId);
  const rootsNamed = (name: string): readonly Span[] => collector.spans.filter((span) => span.name === name);

  it('starts every process, and reads that the result adds up', () => {
    expect(run.processes().map(([name]) => name)).toEqual(PROCESSES);
    expect(run.output()).toContain('The result adds up.');
  });

  it('follows an accepted referral from the mutation through Kafka into every process that reacted', () => {
    const [accepted] = rootsNamed('mutation acceptReferral');
    const trace = traceOf(accepted!);
    expect(new Set(trace.map(({ service }) => service))).toEqual(
      new Set(['liaison-api', 'liaison-referrals', 'liaison-outcomes']),
    );
    const { 'liaison.referralId': referralId } = accepted!.attributes;
    const reactions = trace.filter(({ service }) => service !== 'liaison-api');
    expect(reactions.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['open-engagement-when-referral-accepted']),
    );
    for (const reaction of reactions.filter(({ attributes }) => attributes['liaison.event.id'] !== undefined))
      expect(reaction.attributes['liaison.referralId'] ?? reaction.attributes['liaison.event.subject']).toBe(
        referralId,
      );
  });

  it('finds the posting under the command that made it, and what its events caused beyond', () => {
    const posting = rootsNamed('post').find((span) =>
      traceOf(span).some(({ name }) => name === 'mutation certifyClaims'),
    );
    const certified = traceOf(posting!).find(({ spanId }) => spanId === posting!.parentSpanId);
    expect(certified?.name).toBe('mutation certifyClaims');
    expect(new Set(traceOf(posting!).map(({ service }) => service)).size).toBeGreaterThan(1);
  });

  it('finds no trace of looking in vain: every one began with a command, a page or a day', () => {
    const names = new Set(collector.spans.map(({ name }) => name));
    expect([...names].filter((name) => name.startsWith('receive'))).toEqual([]);
  });

  it('finds nothing in the traces that somebody entered', () => {
    const texts = JSON.stringify(collector.spans);
    for (const entered of ['nationalId', 'familyName', 'IBAN', 'ownReference']) expect(texts).not.toContain(entered);
  });
});

describe('the operator of a cluster whose Kafka is not there', () => {
  it('reads in a sentence where it was looked for', async () => {
    build();
    const place = await newPlace();
    const run = startLocal('cluster', place, { KAFKA_BROKERS: '127.0.0.1:1' });
    expect(await run.ended).toBe(1);
    expect(run.output().trim().split('\n').at(-1)).toBe(
      'Kafka at 127.0.0.1:1 cannot be reached: start it, or correct KAFKA_BROKERS.',
    );
    leave(place);
  }, 600_000);
});
