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
  }, 300_000);
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

  it('finds nothing in the traces that somebody entered', () => {
    const texts = JSON.stringify(collector.spans);
    for (const entered of ['nationalId', 'familyName', 'IBAN', 'ownReference']) expect(texts).not.toContain(entered);
  });
});
