import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Module, type DynamicModule, type Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { DataSource } from 'typeorm';
import { HubError } from '#libs/kernel/index.js';
import {
  addresses,
  choice,
  integer,
  path,
  port,
  readConfigOrExit,
  text,
  timeZone,
  url,
  type Configured,
  type Setting,
} from '#libs/platform/config/config.js';
import { HealthModule } from '#libs/platform/http/health.js';
import { createHttpApp, stopHttpApp } from '#libs/platform/http/http-app.js';
import { Engine, PlatformModule, type KafkaPlatformOptions } from '#libs/platform/platform.module.js';
import { createDataSource } from '#libs/platform/postgres/index.js';
import { createLogger, LOG_LEVELS } from '#libs/platform/telemetry/logger.js';
import { startTracing } from '#libs/platform/telemetry/tracing.js';
import { ObservationModule } from '#libs/platform/telemetry/observation.module.js';
import { entities } from './database.js';

/** Compiled or not, the folder that holds `schemas` and `deploy`. */
export const root = fileURLToPath(new URL(import.meta.url.includes('/dist/') ? '../..' : '..', import.meta.url));

const STOP_MS = 20_000;
const SESSION_MS = { least: 6_000, most: 300_000, usual: 15_000 };
const REPLICAS_MAX = 9;
const CONNECTIONS = { least: 2, most: 200, usual: 12 };

/** What every process of a cluster is told; secrets may also be given as NAME_FILE. */
const SETTINGS = {
  /** As `liaison_app`, the login that owns nothing. */
  LIAISON_DATABASE_URL: { ...url(['postgres:', 'postgresql:']), secret: true },
  LIAISON_DATABASE_CONNECTIONS: integer(CONNECTIONS.least, CONNECTIONS.most, { fallback: CONNECTIONS.usual }),
  /** `host:port`, separated by commas. */
  KAFKA_BROKERS: addresses(),
  KAFKA_PREFIX: text({ fallback: '' }),
  /** Copies that topics must have; none: as many as there are brokers, at most those of topics.yaml. */
  KAFKA_REPLICAS: integer(0, REPLICAS_MAX, { fallback: 0 }),
  KAFKA_TLS: choice(['on', 'off'], { fallback: 'off' }),
  KAFKA_USER: text({ fallback: '' }),
  /** A member of a group that is silent for so long has lost its partitions to the others (the broker's least is 6,000). */
  KAFKA_SESSION_MS: integer(SESSION_MS.least, SESSION_MS.most, { fallback: SESSION_MS.usual }),
  KAFKA_PASSWORD: text({ fallback: '', secret: true }),
  LIAISON_TOPICS: path({ fallback: join(root, 'deploy', 'topics.yaml') }),
  LIAISON_SCHEMAS: path({ fallback: join(root, 'schemas') }),
  /** IANA name: days of business time begin in it. */
  LIAISON_TIME_ZONE: timeZone({ fallback: 'Europe/Berlin' }),
  LIAISON_HOST: text({ fallback: '127.0.0.1' }),
  LIAISON_PORT: port(),
  /** Where traces go: an OpenTelemetry collector (OTLP over HTTP). Nowhere by default. */
  OTEL_EXPORTER_OTLP_ENDPOINT: url(['http:', 'https:'], { fallback: '' }),
  LIAISON_LOG_LEVEL: choice(LOG_LEVELS, { fallback: 'info' }),
};

/** What the modules that a process mounts beside the platform are made of. */
export interface Surroundings {
  readonly platform: KafkaPlatformOptions;
}

export interface ProcessPlan<Extra extends Readonly<Record<string, Setting<unknown>>>> {
  readonly name: string;
  readonly relays?: boolean;
  /** Settings of this process alone. */
  readonly settings: Extra;
  /** It adds to the outbox at the most: whether Kafka is there is nothing to it. */
  readonly withoutLog?: boolean;
  readonly publicUrl?: (config: Configured<Extra>) => string;
  readonly modules: (
    config: Configured<Extra>,
    surroundings: Surroundings,
  ) => readonly (DynamicModule | Type)[] | Promise<readonly (DynamicModule | Type)[]>;
}

@Module({})
class ProcessModule {}

/** Runs one process of a cluster until it is asked to stop; ends with one sentence a problem where it cannot begin. */
export function runProcess<Extra extends Readonly<Record<string, Setting<unknown>>>>(plan: ProcessPlan<Extra>): void {
  start(plan).catch((error: unknown) => {
    process.stderr.write(`${sentenceOf(error)}\n`);
    process.exit(1);
  });
}

/** What the hub or the system refuses (an edited tariff, a port that is taken) is one sentence; what nobody foresaw comes with its stack. */
function sentenceOf(error: unknown): string {
  if (error instanceof HubError) return error.message;
  if (!(error instanceof Error)) return String(error);
  return 'syscall' in error ? `It cannot start: ${error.message}.` : (error.stack ?? error.message);
}

async function start<Extra extends Readonly<Record<string, Setting<unknown>>>>(
  plan: ProcessPlan<Extra>,
): Promise<void> {
  const settings = readConfigOrExit({ ...plan.settings, ...SETTINGS }, process.env);
  const [common, own] = [settings as Configured<typeof SETTINGS>, settings as Configured<Extra>];
  if ((common.KAFKA_USER === '') !== (common.KAFKA_PASSWORD === '')) {
    process.stderr.write('KAFKA_USER and KAFKA_PASSWORD (or KAFKA_PASSWORD_FILE) are given together, or neither is.\n');
    process.exit(1);
  }
  const logger = createLogger(plan.name, common.LIAISON_LOG_LEVEL);
  const endpoint = common.OTEL_EXPORTER_OTLP_ENDPOINT;
  const tracing = endpoint === '' ? undefined : startTracing(plan.name, endpoint);
  const dataSource = await openDatabase(common.LIAISON_DATABASE_URL, common.LIAISON_DATABASE_CONNECTIONS);
  const platform = platformOf(plan.name, plan.relays ?? false, common, dataSource, logger);
  const module: DynamicModule = {
    module: ProcessModule,
    imports: [
      PlatformModule.kafka(platform),
      ObservationModule.forRoot(plan.name),
      HealthModule.forRoot({
        database: () => dataSource.query('select 1'),
        ...(plan.withoutLog === true ? {} : { kafka: () => app.get(Engine).pump.reach() }),
      }),
      ...(await plan.modules(own, { platform })),
    ],
  };
  const app: NestFastifyApplication = await createHttpApp(module, {
    publicUrl: plan.publicUrl?.(own) ?? `http://${common.LIAISON_HOST}`,
  });
  let stopping: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    logger.info('stopping');
    // Less than an orchestrator waits before it kills: what hangs at Kafka is cut off, and is done by the next process.
    setTimeout(() => {
      logger.warn('what is still under way is left to the next process');
      process.exit(0);
    }, STOP_MS);
    await stopHttpApp(app);
    await dataSource.destroy();
    await tracing?.stop().catch(() => logger.warn('the last traces could not be sent'));
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void (stopping ??= stop()));
  // Where we were started with a channel, its end is our starter's.
  process.on('disconnect', () => void (stopping ??= stop()));
  await app.listen(common.LIAISON_PORT, common.LIAISON_HOST);
  logger.info({ port: common.LIAISON_PORT }, 'up');
}

/** Where it cannot be reached the process ends: whatever runs it starts it again. Once it was, it is waited for. */
async function openDatabase(databaseUrl: string, connectionsMax: number): Promise<DataSource> {
  try {
    return await createDataSource({ url: databaseUrl, entities, connectionsMax }).initialize();
  } catch (error) {
    const { code } = error as { code?: unknown };
    const why = typeof code === 'string' ? code : error instanceof Error ? error.message : 'unknown';
    process.stderr.write(`The database at ${new URL(databaseUrl).host} cannot be used: ${why}.\n`);
    process.exit(1);
  }
}

function platformOf(
  name: string,
  relays: boolean,
  common: Configured<typeof SETTINGS>,
  dataSource: DataSource,
  logger: KafkaPlatformOptions['logger'],
): KafkaPlatformOptions {
  const { KAFKA_USER: username, KAFKA_PASSWORD: password } = common;
  return {
    dataSource,
    schemaFolder: common.LIAISON_SCHEMAS,
    timeZone: common.LIAISON_TIME_ZONE,
    logger,
    topicsFile: common.LIAISON_TOPICS,
    relays,
    kafka: {
      brokers: common.KAFKA_BROKERS,
      clientId: `liaison-${name}`,
      prefix: common.KAFKA_PREFIX,
      tls: common.KAFKA_TLS === 'on',
      sessionTimeoutMs: common.KAFKA_SESSION_MS,
      ...(common.KAFKA_REPLICAS === 0 ? {} : { replicas: common.KAFKA_REPLICAS }),
      ...(username === '' ? {} : { sasl: { mechanism: 'scram-sha-512', username, password } }),
    },
  };
}
