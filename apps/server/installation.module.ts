import { Injectable, Module, type DynamicModule, type OnModuleInit } from '@nestjs/common';
import { CommandHandlersModule } from '#features/edge/command-handlers.module.js';
import { GraphqlModule } from '#features/edge/graphql.module.js';
import { Installation } from '#installation/installation.js';
import { installationSources } from '#installation/metrics/installation-sources.js';
import { Readiness } from './health/readiness.js';
import { Metrics } from './metrics/metrics.js';
import { SystemStatusResolver } from './system-status.resolver.js';

/** Joins an installation to the readiness and the metrics of the server around it. */
@Injectable()
class InstallationWatch implements OnModuleInit {
  constructor(
    private readonly installation: Installation,
    private readonly metrics: Metrics,
    private readonly readiness: Readiness,
  ) {}

  onModuleInit(): void {
    const { metrics, readiness, installation } = this;
    for (const [name, check] of Object.entries(installation.readinessChecks())) readiness.register(name, check);
    metrics.read(installationSources(installation));
    installation.engine.onAnswered = (command) => {
      metrics.observeCommand(command);
    };
  }
}

@Module({})
class InstallationModule {}

/** What a server shows of an installation: its commands, its queries, how it is doing. */
export const modulesOf = (installation: Installation): readonly DynamicModule[] => [
  CommandHandlersModule.over(installation),
  {
    module: InstallationModule,
    imports: [GraphqlModule],
    providers: [{ provide: Installation, useValue: installation }, InstallationWatch, SystemStatusResolver],
  },
];
