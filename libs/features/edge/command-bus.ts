import { Command, CommandBus, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { ModuleRef } from '@nestjs/core';
import { InstanceWrapper } from '@nestjs/core/injector/instance-wrapper.js';
import type { Type } from '@nestjs/common';
import type { AnyEvent } from '#event-sourcing/event.js';
import type { Outcome } from '#event-sourcing/command/handle-command.js';
import type { CommandBase } from '../deciding/decision-facts.js';
import type { AnySlice, Slice } from '../deciding/slice.js';
import type { Commands } from './commands.js';
import { slices } from './slices.js';

/** What travels: one class for each slice, named after it. */
interface Sent extends Command<Outcome> {
  readonly input: unknown;
}
const classes = new WeakMap<AnySlice, Type<Sent>>();
const classOf = (slice: AnySlice): Type<Sent> => {
  const known = classes.get(slice);
  if (known !== undefined) return known;
  const made = class extends Command<Outcome> {
    constructor(readonly input: unknown) {
      super();
    }
  };
  Object.defineProperty(made, 'name', { value: `${slice.name}Command` });
  classes.set(slice, made);
  return made;
};

/** A command for the bus: `bus.execute(commandTo(recordVisit, { … }))`. */
export const commandTo = <C extends CommandBase, E extends AnyEvent>(
  slice: Slice<C, E>,
  input: C,
): Command<Outcome<E>> => new (classOf(slice))(input) as unknown as Command<Outcome<E>>;

const handlerOf = (slice: AnySlice): Type<ICommandHandler<Sent>> => {
  @CommandHandler(classOf(slice))
  class Handler implements ICommandHandler<Sent> {
    constructor(private readonly commands: Commands) {}

    execute({ input }: Sent): Promise<Outcome> {
      return this.commands.send(slice, input as never);
    }
  }
  return Handler;
};

/**
 * The one road for everybody: GraphQL, imports, the command line, reactions, deadlines. It needs no container: each
 * handler is made here, of a slice and of what all slices are given.
 */
export const commandBusOf = (commands: Commands): CommandBus => {
  const bus = new CommandBus(undefined as unknown as ModuleRef);
  bus.register(
    slices.map((slice) => {
      const metatype = handlerOf(slice);
      return new InstanceWrapper({ metatype, instance: new metatype(commands), isResolved: true });
    }),
  );
  return bus;
};
