import type { Type } from '@nestjs/common';
import { Args, Mutation, ObjectType, Resolver } from '@nestjs/graphql';
import { CurrentCaller, type Caller } from '#graphql/caller.js';
import { resultOf } from '#graphql/outcome.js';
import type { AnyOnRegistration } from '../dossier/on-registration.js';
import { slices } from '../dossier/slices.js';
import { registrationCard, registrationIdOf } from '../dossier/registration/registration-card/registration-card.js';
import { Answers } from './answers.js';
import { commandTo } from './command-bus.js';
import { Dispatch, type Answered } from './dispatch.js';
import { inputOf, inputType } from './input-type.js';
import {
  OnRegistrationInput,
  RecordedOnRegistrationInput,
  RegistrationDone,
  registrationDone,
  targetOf,
} from './registration-command.js';

/** The mutation of the common kind: its input, its answer, its resolver, all made of what the slice says. */
const mutationOf = (slice: AnyOnRegistration): Type<object> => {
  const base = slice.who === 'party' ? RecordedOnRegistrationInput : OnRegistrationInput;
  const Input = inputType<OnRegistrationInput | RecordedOnRegistrationInput>(`${slice.name}Input`, base, slice.input);

  @ObjectType(`${slice.name}Done`)
  class Carried extends RegistrationDone {}
  const Result = resultOf(slice.name, Carried);

  @Resolver()
  class OneMutation {
    constructor(
      private readonly dispatch: Dispatch,
      private readonly answers: Answers,
    ) {}

    @Mutation(() => Result, { name: lowerFirst(slice.name), description: slice.says })
    async send(
      @Args('input', { type: () => Input }) input: OnRegistrationInput | RecordedOnRegistrationInput,
      @CurrentCaller() caller: Caller,
    ): Promise<Answered<Carried>> {
      const cards = () => this.answers.of(registrationCard);
      const target = targetOf(input, await registrationIdOf(cards, input.registrationId));
      return this.dispatch.send(
        Carried,
        caller,
        input,
        (carried) => commandTo(slice, { ...carried, ...target, ...inputOf(slice.input, input) }),
        (events) => registrationDone(events, target.registrationId),
      );
    }
  }
  // The class that the input pipe checks against; a parameter's type is lost where it is a value.
  Reflect.defineMetadata('design:paramtypes', [Input, Object], OneMutation.prototype, 'send');
  Object.defineProperty(OneMutation, 'name', { value: `${slice.name}Resolver` });
  return OneMutation;
};

const lowerFirst = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);

/** Every mutation that is made of its slice; the others have a resolver of their own. */
export const mutations: readonly Type<object>[] = slices.flatMap((slice) =>
  'about' in slice && slice.about === 'registration' ? [mutationOf(slice as unknown as AnyOnRegistration)] : [],
);
