import { Controller, Get } from '@nestjs/common';
import { AllowAnybody, AllowRoles } from '#libs/platform/auth/guard.js';
import { SECRET } from './probe.resolver.js';

/** Routes beside GraphQL, as a door or a file has them. */
@Controller('probe')
export class ProbeController {
  @Get('auditors')
  @AllowRoles('AUDITOR')
  auditors(): string {
    return 'for auditors';
  }

  @Get('undeclared')
  undeclared(): string {
    return 'for nobody';
  }

  @Get('broken')
  @AllowAnybody()
  broken(): never {
    throw new SyntaxError(`Unexpected ${SECRET}`);
  }
}
