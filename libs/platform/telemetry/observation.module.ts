import { Controller, Get, Inject, Module, Res, type DynamicModule } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Gauge, Registry, collectDefaultMetrics } from 'prom-client';
import { AllowAnybody } from '../auth/guard.js';
import type { Lag } from '../events/lag.js';
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
   * 200 while events move or none waits, with how far each group of the process is behind; 503 otherwise: a process that merely runs
   * is not alive.
   */
  @Get('health/progress')
  @AllowAnybody()
  async progress(@Res() reply: FastifyReply): Promise<void> {
    const { pump } = this.engine;
    try {
      if (await pump.live(STUCK_AFTER_MS)) return await reply.send({ status: 'up', groups: await pump.lag() });
    } catch {
      // The log cannot be asked: then nothing is known to move.
    }
    await reply.code(503).send({ status: 'down' });
  }
}

function registryOf(app: string, engine: Engine): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ app });
  collectDefaultMetrics({ register: registry });
  const gauge = (name: string, help: string, valueOf: (lag: Lag) => number): Gauge<'group'> => {
    const made: Gauge<'group'> = new Gauge({
      name,
      help,
      labelNames: ['group'],
      registers: [registry],
      async collect() {
        for (const lag of await engine.pump.lag().catch(() => [])) made.set({ group: lag.group }, valueOf(lag));
      },
    });
    return made;
  };
  gauge('liaison_events_behind', 'Events that a group has not handled yet', ({ behind }) => behind);
  gauge(
    'liaison_behind_seconds',
    'Age of the oldest event that waits for a group',
    ({ oldestAgeMs }) => oldestAgeMs / 1_000,
  );
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
