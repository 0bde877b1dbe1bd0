import { createHmac, type KeyObject } from 'node:crypto';
import { canonicalText } from '#event-sourcing/canonical.js';
import { refuse, type Placed, type Rejection } from '#event-sourcing/decision.js';
import type { AnyEvent } from '#event-sourcing/event.js';
import type { Folding, Handling } from '#event-sourcing/command/handle-command.js';
import type { StreamName, User } from '#event-sourcing/vocabulary.js';
import { loginOf, type UserEvent } from './events.js';

/** The stream of a login. Its name says nothing without the installation's secret. */
export type UserStreamOf = (user: User) => Promise<StreamName>;
const nameLength = 32;
export const userStreams =
  (secret: () => Promise<KeyObject>): UserStreamOf =>
  async ({ issuer, subject }) => {
    const key = await secret();
    const digest = createHmac('sha256', key)
      .update(canonicalText([issuer, subject]), 'utf8')
      .digest('hex');
    return `user-${digest.slice(0, nameLength)}` as StreamName;
  };

/** What is known of one login. Folded from `user-<hash>`. */
export interface UserFacts {
  /** It has sent a command. */
  readonly seen: boolean;
  readonly locked: boolean;
}
export const userFolding: Folding<UserFacts, UserEvent> = {
  name: 'user-facts',
  initial: { seen: false, locked: false },
  apply: (facts, { event }) => {
    switch (event.type) {
      case 'UserSeen':
        return { ...facts, seen: true };
      case 'UserLocked':
        return { ...facts, locked: true };
      case 'UserUnlocked':
        return { ...facts, locked: false };
    }
  },
};

/**
 * The same command, as this login's. Its stream is read, so it becomes a check of the append: a login that is locked
 * meanwhile is refused. What is recorded first names the key that the login's part of every event is sealed under.
 */
export const asUser = <State, E extends AnyEvent>(
  handling: Handling<State, E, Rejection>,
  user: User,
  stream: StreamName,
): Handling<{ readonly facts: UserFacts; readonly state: State }, E, Rejection> => ({
  ...handling,
  context: { ...handling.context, user },
  userStream: stream,
  load: async (reader) => {
    const [facts, state] = await Promise.all([reader.fold(stream, userFolding), handling.load(reader)]);
    return { facts, state };
  },
  decide: ({ facts, state }) => (facts.locked ? refuse({ reason: 'UserLocked' }) : handling.decide(state)),
  refusal: (rejections, { state }) => handling.refusal(rejections, state),
  alongside: ({ facts }) => (facts.seen ? [] : [firstSeen(stream, user)]),
});

const firstSeen = (stream: StreamName, user: User): Placed<UserEvent> => ({
  stream,
  event: { type: 'UserSeen', login: loginOf(user) },
});
