import { CommandHandlersModule } from '#features/edge/command-handlers.module.js';
import { Module, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { CommandBus } from '@nestjs/cqrs';
import type { Installation } from '#installation/installation.js';

/** The command bus of an installation without a server around it. */
export const openCommandBus = async (
  installation: Installation,
): Promise<{ readonly commands: CommandBus; close(): Promise<void> }> => {
  const context = await NestFactory.createApplicationContext(RootModule.over(installation), {
    logger: false,
    abortOnError: false,
  });
  return { commands: context.get(CommandBus), close: () => context.close() };
};

@Module({})
class RootModule {
  static over(installation: Installation): DynamicModule {
    return { module: RootModule, imports: [CommandHandlersModule.over(installation)] };
  }
}
