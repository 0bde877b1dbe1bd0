import { Module, type DynamicModule } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { CommandEngine } from '#event-sourcing/command/handle-command.js';
import { StreamWatch } from '#event-sourcing/log/stream-watch.js';
import { Readings } from './readings.js';

/** What stands behind the features, whatever storage it is made of. */
export interface BehindTheFeatures {
  readonly bus: CommandBus;
  readonly engine: CommandEngine;
  readonly readings: Readings;
  /** Tells subscriptions what happens to a dossier. */
  readonly dossierWatch: StreamWatch;
}

/** The one command bus, and what queries read from. */
@Module({})
export class CommandHandlersModule {
  static over({ bus, engine, readings, dossierWatch }: BehindTheFeatures): DynamicModule {
    return {
      module: CommandHandlersModule,
      global: true,
      providers: [
        { provide: CommandBus, useValue: bus },
        { provide: Readings, useValue: readings },
        { provide: CommandEngine, useValue: engine },
        { provide: StreamWatch, useValue: dossierWatch },
      ],
      exports: [CommandBus, Readings, CommandEngine, StreamWatch],
    };
  }
}
