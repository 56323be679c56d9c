import { Controller, Get, Inject, Module, Res, type DynamicModule } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { AllowAnybody } from '../auth/guard.js';

/** What must work before callers are sent here; a check that throws, or takes too long, says that it does not. */
export type ReadinessChecks = Readonly<Record<string, () => Promise<unknown>>>;

const CHECKS = Symbol('READINESS_CHECKS');
const CHECK_TIMEOUT_MS = 2_000;

/** Asked by whatever runs the process; says which part is down, and nothing about why. */
@Controller('health')
export class HealthController {
  constructor(@Inject(CHECKS) private readonly checks: ReadinessChecks) {}

  /** The process runs and answers. */
  @Get('live')
  @AllowAnybody()
  live(): { readonly status: 'up' } {
    return { status: 'up' };
  }

  /** It can do its work: 200, or 503 with the parts that are down. */
  @Get('ready')
  @AllowAnybody()
  async ready(@Res() reply: FastifyReply): Promise<void> {
    const parts = await Promise.all(
      Object.entries(this.checks).map(async ([name, check]) => [name, (await holds(check)) ? 'up' : 'down'] as const),
    );
    const up = parts.every(([, status]) => status === 'up');
    await reply.code(up ? 200 : 503).send({ status: up ? 'up' : 'down', parts: Object.fromEntries(parts) });
  }
}

async function holds(check: () => Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), CHECK_TIMEOUT_MS);
  });
  const done = check().then(
    () => true,
    () => false,
  );
  try {
    return await Promise.race([done, late]);
  } finally {
    clearTimeout(timer);
  }
}

@Module({})
export class HealthModule {
  static forRoot(checks: ReadinessChecks): DynamicModule {
    return {
      module: HealthModule,
      controllers: [HealthController],
      providers: [{ provide: CHECKS, useValue: checks }],
    };
  }
}
