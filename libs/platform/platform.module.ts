import {
  Global,
  Injectable,
  Module,
  type DynamicModule,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { DataSource } from 'typeorm';
import { Clock } from './clock/clock.js';
import { EventLog } from './events/event-log.js';
import type { EventPump } from './events/event-pump.js';
import { EventSchemas } from './events/event-schemas.js';
import type { KafkaSettings } from './events/kafka/client.js';
import { KafkaLog } from './events/kafka/kafka-log.js';
import { readTopics } from './events/kafka/topics.js';
import { OutboxEventLog } from './events/outbox.js';
import { LogPump } from './events/postgres/log-pump.js';
import { Subscriptions } from './events/subscriptions.js';
import { UnexpectedErrors } from './graphql/edge.js';
import { Jobs } from './jobs/jobs.js';
import { UnitOfWork } from './postgres/unit-of-work.js';

export interface PlatformOptions {
  readonly dataSource: DataSource;
  /** The folder `schemas`. */
  readonly schemaFolder: string;
  /** IANA name: days of business time begin in it. */
  readonly timeZone: string;
  readonly logger: Logger;
}

/** The same, where Kafka carries the events between processes. */
export interface KafkaPlatformOptions extends PlatformOptions {
  readonly kafka: KafkaSettings;
  /** `deploy/topics.yaml`. */
  readonly topicsFile: string;
  /** Does this process carry the outbox to Kafka? Of several, one is active. */
  readonly relays: boolean;
}

type StartPump = (subscriptions: Subscriptions, unitOfWork: UnitOfWork, events: OutboxEventLog) => EventPump;

const POLL_MS = 200;
const DAY_CHECK_MS = 60_000;
const TIDY_MS = 10_000;
const BACK_OFF_MS = 1_000;
/** How often somebody who waits for everything to be handled looks again. */
const SETTLE_MS = 3;

/** Turns the event log, runs jobs and opens days, for as long as the process lives. */
@Injectable()
export class Engine implements OnApplicationBootstrap, OnApplicationShutdown {
  private started: EventPump | undefined;
  private stopping = false;
  private running: Promise<unknown> = Promise.resolve();
  private daysAt = 0;
  private tidiedAt = 0;
  private wakeJobs: (() => void) | undefined;

  constructor(
    private readonly makePump: () => EventPump,
    private readonly jobs: Jobs,
    private readonly clock: Clock,
    private readonly log: Logger,
  ) {}

  /** Made on first use, when every reactions module has added its subscription. */
  get pump(): EventPump {
    this.started ??= this.makePump();
    return this.started;
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.jobs.start();
    this.pump.start();
    this.running = this.runJobs();
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopping = true;
    this.wakeJobs?.();
    await this.pump.stop();
    await this.running;
    await this.jobs.stop();
  }

  /** Resolves when nothing is left to process: no event, no job, and none that either of them made. */
  async settled(): Promise<void> {
    while (!(await this.quiet())) {
      this.pump.nudge();
      this.wakeJobs?.();
      await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    }
  }

  private async quiet(): Promise<boolean> {
    return (await this.pump.idle()) && (await this.jobs.idle()) && (await this.pump.idle());
  }

  private async runJobs(): Promise<void> {
    while (!this.stopping) {
      try {
        await this.everySoOften();
        if ((await this.jobs.pass()) > 0) this.pump.nudge();
        else await this.pause(POLL_MS);
      } catch (error) {
        this.log.error({ err: error }, 'jobs could not be run');
        await this.pause(BACK_OFF_MS);
      }
    }
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wakeJobs = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  private async everySoOften(): Promise<void> {
    const now = Date.now();
    if (now - this.daysAt > DAY_CHECK_MS) {
      this.daysAt = now;
      await this.clock.openDays();
    }
    if (now - this.tidiedAt > TIDY_MS) {
      this.tidiedAt = now;
      await this.jobs.tidy();
    }
  }
}

/** What every capability stands on. */
@Global()
@Module({})
export class PlatformModule {
  /** With the event log in PostgreSQL: one process, embedded or not. */
  static postgresLog(options: PlatformOptions): DynamicModule {
    return PlatformModule.with(options, (subscriptions, unitOfWork, events) => {
      const pump = new LogPump(unitOfWork, subscriptions.all(), reportTo(options.logger));
      events.onCommitted = () => pump.nudge();
      return pump;
    });
  }

  /** With the event log on Kafka: many processes on one database. */
  static kafka(options: KafkaPlatformOptions): DynamicModule {
    const topics = readTopics(options.topicsFile);
    return PlatformModule.with(
      options,
      (subscriptions, unitOfWork) =>
        new KafkaLog({
          dataSource: options.dataSource,
          unitOfWork,
          settings: options.kafka,
          topics,
          subscriptions: subscriptions.all(),
          relays: options.relays,
          onError: reportTo(options.logger),
          onWarning: (warning) => options.logger.warn(warning),
        }),
    );
  }

  private static with(options: PlatformOptions, startPump: StartPump): DynamicModule {
    const unitOfWork = new UnitOfWork(options.dataSource);
    const schemas = new EventSchemas(join(options.schemaFolder, 'events'));
    const events = new OutboxEventLog(schemas);
    const jobs = new Jobs(unitOfWork, (error) => options.logger.error({ err: error }, 'the job queue met an error'));
    const clock = new Clock(unitOfWork, events, options.timeZone);
    return {
      module: PlatformModule,
      providers: [
        { provide: DataSource, useValue: options.dataSource },
        { provide: UnitOfWork, useValue: unitOfWork },
        { provide: EventSchemas, useValue: schemas },
        { provide: EventLog, useValue: events },
        { provide: Jobs, useValue: jobs },
        { provide: Clock, useValue: clock },
        Subscriptions,
        { provide: UnexpectedErrors, useValue: new LoggedErrors(options.logger) },
        {
          provide: Engine,
          useFactory: (subscriptions: Subscriptions) =>
            new Engine(() => startPump(subscriptions, unitOfWork, events), jobs, clock, options.logger),
          inject: [Subscriptions],
        },
      ],
      exports: [DataSource, UnitOfWork, EventSchemas, EventLog, Jobs, Clock, Subscriptions, UnexpectedErrors, Engine],
    };
  }
}

const reportTo =
  (log: Logger) =>
  (error: unknown): void =>
    log.error({ err: error }, 'the event log could not be turned');

/** Unexpected errors go to the log with the id the caller was given; what the caller sent does not. */
class LoggedErrors extends UnexpectedErrors {
  constructor(private readonly log: Logger) {
    super();
  }

  override report(error: unknown, errorId: string, operation: string): void {
    this.log.error({ errorId, operation, err: error }, 'unexpected error');
  }
}
