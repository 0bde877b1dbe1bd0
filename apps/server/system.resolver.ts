import { Inject } from '@nestjs/common';
import { Field, ObjectType, Query, Resolver } from '@nestjs/graphql';
import type { Clock } from '#event-sourcing/ports/clock.js';
import type { Instant } from '#event-sourcing/vocabulary.js';
import type { Configuration } from '#installation/configuration.js';
import { InstantScalar } from '#graphql/scalars.js';
import { CONFIGURATION, EDGE_CLOCK } from './tokens.js';

@ObjectType('System', { description: 'The installation that answers. / 本系统。' })
export class SystemType {
  @Field(() => String) organisation!: string;
  @Field(() => String, { description: 'IANA name of the zone in which dates are read. / 日期所用时区。' })
  timeZone!: string;
  @Field(() => InstantScalar, {
    description: 'The clock that countdowns are computed with. / 倒计时所用的服务器时间。',
  })
  now!: Instant;
}

@Resolver(() => SystemType)
export class SystemResolver {
  constructor(
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
    @Inject(EDGE_CLOCK) private readonly clock: Clock,
  ) {}

  @Query(() => SystemType, {
    description: 'Organisation, zone and clock of this installation. / 本系统的组织、时区与时间。',
  })
  system(): SystemType {
    return {
      organisation: this.configuration.organisation,
      timeZone: this.configuration.timeZone,
      now: this.clock.now(),
    };
  }
}
