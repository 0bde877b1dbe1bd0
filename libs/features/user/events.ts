import { defineEvent, personal, type Event, type Personal } from '#event-sourcing/event.js';
import type { User } from '#event-sourcing/vocabulary.js';

/** Issuer and subject as one text of two parts: who the stream is about, sealed under that person's own key. */
export type Login = Personal<readonly string[]>;
export const loginOf = ({ issuer, subject }: User): Login => personal([issuer, subject]);

/** A login sent its first command. Everything it does from now on is sealed under the key that this event names. */
export type UserSeen = Event<'UserSeen', 'fact', { readonly login: Login }>;
/** One login is refused everything from now on, whatever party it speaks for; the party's other logins go on. */
export type UserLocked = Event<'UserLocked', 'ruling', { readonly login: Login; readonly reason: Personal }>;
export type UserUnlocked = Event<'UserUnlocked', 'ruling', { readonly login: Login; readonly reason: Personal }>;

export type UserEvent = UserSeen | UserLocked | UserUnlocked;

export const userEvents = [
  defineEvent<UserSeen>()({ type: 'UserSeen', kind: 'fact', personal: { login: 'login' } }),
  defineEvent<UserLocked>()({ type: 'UserLocked', kind: 'ruling', personal: { login: 'login', reason: 'login' } }),
  defineEvent<UserUnlocked>()({ type: 'UserUnlocked', kind: 'ruling', personal: { login: 'login', reason: 'login' } }),
] as const;
