import type { z } from 'zod';
import type { DerivedFact, Instant, Reason, Times } from '#event-sourcing/vocabulary.js';
import type { Operation } from './clauses/permissions.js';
import type { PolicyDocument } from './document.js';
import type { Evaluation } from './evaluation.js';
import type { TitleKind } from './naming.js';
import { pathText, type Path } from './reading.js';
import type { Label, Messages } from './words.js';

/** Which version of the policy a clause is taken from: the one a registration was filed under, or the one in force. */
export type BindingMoment = 'filing' | 'event';

/**
 * One part of the language, as a value: everything that the rest of this library must know about it. The shape of the
 * document, references, bindings, `check`, coverage, sentences and `policy explain` are derived from the list of these
 * (clauses.ts). Its evaluation stands beside it in the same file, pure functions that deciders call.
 */
export interface Clause<
  Name extends string = string,
  Schema extends z.ZodType = z.ZodType,
  Refusals extends Messages = Messages,
  Compiled = unknown,
> {
  /** Its key in the document, and the first word of the path that its reasons cite. */
  readonly name: Name;
  /** The schema; a clause that a document may leave out is optional here. */
  readonly schema: Schema;
  /** Its newest semantic version (meanings.ts); absent: it has only had one. */
  readonly meaning?: number;
  /** What `bindings` may quote; absent: nothing of it is ever asked of another version. */
  readonly binds?: BindingMoment;
  /**
   * How reasons and coverage call an item: by the first of these keys that it has (`protection.walkIn`); `through` are
   * lists that only hold the items.
   */
  readonly items?: { readonly by: readonly string[]; readonly through?: readonly string[] };
  readonly says: Says<Refusals>;
  /** The names that this clause gives to things: others refer to them, none stands twice. */
  declares?(given: Given<Schema>): readonly Declared[];
  /** What the shape alone does not show: choices that hang in the air. Names are looked up without it. */
  refers?(given: Given<Schema>, document: PolicyDocument): readonly Unsound[];
  /** What its owner should look at in a document that loads. */
  lints?(given: z.output<Schema>, document: PolicyDocument): readonly Finding[];
  /** What somebody must be allowed to do, or the clause is a dead letter. */
  needs?(given: Given<Schema>, document: PolicyDocument): readonly Needed[];
  /** Operations that somebody may do and that come to nothing under what the document chose, or left out. */
  idle?(given: z.output<Schema>, document: PolicyDocument): readonly Idle[];
  /** Looked up at every command, so made once for a policy version: tables by class, operation, name. */
  compile?(given: z.output<Schema>, document: PolicyDocument): Compiled;
  /** The reason once more, from what the log kept of the ruling; undefined: it cannot be had (the form is sealed). */
  again?(cited: Cited, part: string): Reason | undefined;
}
export type Given<Schema extends z.ZodType> = NonNullable<z.output<Schema>>;

export interface Says<Refusals extends Messages = Messages> {
  /**
   * The sentence of its reasons. `{item}` is the second word of the path, `{length}` a length with its counting; a
   * clause that never is a reason has none.
   */
  readonly reason?: Label;
  /** Every code that it refuses with, and its sentence. */
  readonly refusals: Refusals;
  /** What its own codes are called when a person reads them. */
  readonly names?: Messages;
}

export interface Declared {
  /** What others refer to it as, and what it is called; absent: it is only never to stand twice. */
  readonly kind?: TitleKind;
  readonly name: string;
  readonly title?: Label | undefined;
  /** The list that it stands in. */
  readonly path: Path;
  /** The same name may stand in several items (a field in the forms of two classes). */
  readonly repeats?: true;
}

/** What cannot be evaluated: the document is refused. */
export interface Unsound {
  readonly code: string;
  readonly path: Path;
  readonly message: Label;
}
export const unsound = (code: string, path: Path, zh: string, en: string): Unsound => ({
  code,
  path,
  message: { zh, en },
});

/**
 * What a policy owner should look at in a document that loads. An error leaves a rule of the paper unanswered; a
 * warning is probably a slip.
 */
export interface Finding {
  readonly code: string;
  readonly severity: 'error' | 'warning';
  readonly path: string;
  /** The same path in steps, to find the line. */
  readonly steps: Path;
  readonly message: Label;
}
const finding = (severity: Finding['severity'], code: string, path: Path, zh: string, en: string): Finding => ({
  code,
  severity,
  path: pathText(path),
  steps: path,
  message: { zh, en },
});
export const warning = (code: string, path: Path, zh: string, en: string): Finding =>
  finding('warning', code, path, zh, en);
export const error = (code: string, path: Path, zh: string, en: string): Finding =>
  finding('error', code, path, zh, en);
export const neverFires = (path: Path, zh: string, en: string): Finding => warning('NeverFires', path, zh, en);

export interface Needed {
  readonly operation: Operation;
  readonly path: Path;
  readonly zh: string;
  readonly en: string;
}

export interface Idle {
  readonly operation: Operation;
  readonly zh: string;
  readonly en: string;
}

/** What the log kept of a ruling, and what it said of the registration before: enough to ask its clause again. */
export interface Cited {
  readonly e: Evaluation;
  readonly reason: Reason;
  readonly inputs: Readonly<Record<string, DerivedFact>>;
  /** The body of the event that cites the reason. */
  readonly body: Readonly<Record<string, unknown>>;
  readonly times: Times;
  readonly before: Before | undefined;
}
/** A registration as the log left it in front of the ruling. */
export interface Before {
  readonly class: string;
  readonly current?: { readonly startsAt: Instant; readonly endsAt: Instant };
}
/** The class that a ruling was about: what its event says, or else what the registration had before. */
export const classOf = ({ body, before }: Cited): string => String(body['class'] ?? before?.class);
