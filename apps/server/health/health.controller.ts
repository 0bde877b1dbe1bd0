import { Controller, Get, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { WithoutToken } from '#graphql/caller.js';
import { Readiness } from './readiness.js';

/** For whoever runs the process. Says yes or no by name, and nothing about versions, paths or data. */
@Controller('health')
export class HealthController {
  constructor(@Inject(Readiness) private readonly readiness: Readiness) {}

  /** The process runs and turns its event loop. Green also while storage is away: a restart would not bring it back. */
  @WithoutToken()
  @Get('live')
  live(): { readonly status: 'live' } {
    return { status: 'live' };
  }

  /** 200: send work here. 503: do not. */
  @WithoutToken()
  @Get('ready')
  async ready(
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<{ readonly status: 'ready' | 'not ready'; readonly checks: Readonly<Record<string, boolean>> }> {
    const { ready, checks } = await this.readiness.ask();
    void reply.code(ready ? 200 : 503);
    return { status: ready ? 'ready' : 'not ready', checks };
  }
}
