import { Controller, Get, Inject, Module, Res, type DynamicModule } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Gauge, Registry, collectDefaultMetrics } from 'prom-client';
import { AllowAnybody } from '../auth/guard.js';
import { inTime } from '../events/in-time.js';
import type { Lag, Outbox } from '../events/lag.js';
import { Engine } from '../platform.module.js';

/** Nothing moved for so long though there is something to move: the process shall be started anew. */
const STUCK_AFTER_MS = 120_000;
const REGISTRY = Symbol('METRICS');

/** For whatever runs and watches the process; not to be reached from outside. */
@Controller()
export class ObservationController {
  constructor(
    private readonly engine: Engine,
    @Inject(REGISTRY) private readonly registry: Registry,
  ) {}

  /** Prometheus' text format. */
  @Get('metrics')
  @AllowAnybody()
  async metrics(@Res() reply: FastifyReply): Promise<void> {
    await reply.header('content-type', this.registry.contentType).send(await this.registry.metrics());
  }

  /**
   * 200 while events move or none waits, with how far each group of the process is behind where that can be known; 503 when events wait
   * and none has moved for long: a process that merely runs is not alive.
   */
  @Get('health/progress')
  @AllowAnybody()
  async progress(@Res() reply: FastifyReply): Promise<void> {
    const { pump } = this.engine;
    if (!(await pump.live(STUCK_AFTER_MS))) return reply.code(503).send({ status: 'down' });
    const groups = await inTime(pump.lag()).catch(() => undefined);
    return reply.send({ status: 'up', ...(groups === undefined ? {} : { groups }) });
  }
}

interface Sample {
  readonly group?: string;
  readonly value: number;
}

/** Asked anew each time; where nobody can answer there is no sample, rather than an old one. */
function registryOf(app: string, engine: Engine): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ app });
  collectDefaultMetrics({ register: registry });
  const gauge = (name: string, help: string, labelNames: 'group'[], samples: () => Promise<Sample[]>): void => {
    const made = new Gauge({
      name,
      help,
      labelNames,
      registers: [registry],
      async collect() {
        if (labelNames.length === 0) made.remove();
        else made.reset();
        for (const { value, ...labels } of await samples().catch(() => [])) made.set(labels, value);
      },
    });
  };
  const ofGroups = (valueOf: (lag: Lag) => number) => async (): Promise<Sample[]> =>
    (await inTime(engine.pump.lag())).map((lag) => ({ group: lag.group, value: valueOf(lag) }));
  const ofOutbox = (valueOf: (outbox: Outbox) => number) => async (): Promise<Sample[]> => {
    const outbox = await engine.pump.outbox();
    return outbox === undefined ? [] : [{ value: valueOf(outbox) }];
  };
  const behind = ofGroups((lag) => lag.behind);
  const age = ofGroups((lag) => lag.oldestAgeMs / 1_000);
  gauge('liaison_events_behind', 'Events that a group has not handled yet', ['group'], behind);
  gauge('liaison_behind_seconds', 'Age of the oldest event that waits for a group', ['group'], age);
  const rows = ofOutbox((outbox) => outbox.rows);
  const outboxAge = ofOutbox((outbox) => outbox.oldestAgeMs / 1_000);
  gauge('liaison_outbox_rows', 'Events that wait in the outbox', [], rows);
  gauge('liaison_outbox_oldest_seconds', 'Age of the oldest event in the outbox', [], outboxAge);
  return registry;
}

@Module({})
export class ObservationModule {
  static forRoot(app: string): DynamicModule {
    return {
      module: ObservationModule,
      controllers: [ObservationController],
      providers: [{ provide: REGISTRY, useFactory: (engine: Engine) => registryOf(app, engine), inject: [Engine] }],
    };
  }
}
