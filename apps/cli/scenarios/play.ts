import type { ICommand } from '@nestjs/cqrs';
import { claimsOf } from '#policy/clauses/classes.js';
import type { Outcome } from '#event-sourcing/command/handle-command.js';
import type { Recorded } from '#event-sourcing/event.js';
import type { Instant } from '#event-sourcing/vocabulary.js';
import type { RecordedRejection } from '#features/audit/events.js';
import { due } from '#features/deadline/due/due.js';
import { registrationCard } from '#features/dossier/registration/registration-card/registration-card.js';
import type { DossierId } from '#features/dossier/events.js';
import type { Installation } from '#installation/installation.js';
import { addMilliseconds, isBefore } from '#time/instant.js';
import { check, type Finding } from './check.js';
import type { Check, Round, Scenario, Step } from './document.js';
import { open } from './opening.js';
import { policyFor, withReading } from './policies.js';
import { ScenarioError } from './problem.js';
import { becauseOf, type Failure } from './report.js';
import { openStage, type Storage } from './stage.js';
import { verbs } from './verbs.js';
import { moment } from './words.js';
import { World } from './world.js';

export interface PlayOptions {
  readonly storage?: Storage;
  /**
   * `late`: nobody asks the deadlines before somebody looks, so that every decision meets run-out clocks by itself. The
   * answers must be the same.
   */
  readonly ticks?: 'punctual' | 'late';
  /** Looks at what the scenario left, before it is cleared away. */
  readonly afterwards?: (installation: Installation) => Promise<void>;
}

/** What one act met: the product's answer, or none where only time passed. */
export interface Act {
  readonly step: Step;
  readonly outcome?: Outcome;
  readonly rejections: readonly RecordedRejection[];
  readonly from: number;
}

type Scene =
  | { readonly at: Instant; readonly kind: 'step'; readonly step: Step; readonly given: boolean }
  | { readonly at: Instant; readonly kind: 'check'; readonly check: Check; readonly round: Round };

/** Everybody is known and every policy in force since long before the first step. */
const openedBefore = 400 * 24 * 3_600_000;
/** More deadlines than this between two steps are a clock that never comes to rest. */
const deadlinesMax = 1_000;

/** Plays one scenario on an installation of its own. Answers with what was not as expected; empty: it passed. */
export const play = async (
  scenario: Scenario,
  file: string,
  { storage = 'memory', ticks = 'punctual', afterwards }: PlayOptions = {},
): Promise<readonly Failure[]> => {
  try {
    const policy = withReading(policyFor(file, scenario.policy, scenario.line), scenario.reading, scenario.line);
    const scenes = timeline(scenario, (text) => moment(text, policy.policy.timeZone));
    const first = scenes[0]!.at;
    const since = addMilliseconds(first, -openedBefore);
    // Duties by period are asked for since somebody heard of them: the first is the period in which a scenario begins.
    const heardOf = policy.policy.document.periodicDuties === undefined ? since : first;
    const stage = await openStage(storage, heardOf);
    try {
      const world = new World(stage, scenario, file, policy);
      await open(stage, scenario, policy, everybody(scenario), since);
      const failures = await new Player(world, ticks).play(scenes);
      await afterwards?.(stage.installation);
      return failures;
    } finally {
      await stage.close();
    }
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    return [
      {
        line: error.line,
        expected: { zh: '可以执行的场景', en: 'a scenario that can be played' },
        happened: error.label,
        because: [],
      },
    ];
  }
};

/**
 * Steps in their order; an expectation stands where its moment comes, so that it sees what a person would have seen
 * then.
 */
const timeline = (scenario: Scenario, moment: (text: string) => Instant): readonly Scene[] => {
  const steps: Scene[] = [];
  let now: Instant | undefined;
  for (const step of [...scenario.given, ...scenario.rounds.map(({ when }) => when)]) {
    const at = step.at === undefined ? now : moment(step.at);
    if (at === undefined)
      throw new ScenarioError(step.line, { zh: '第一步须写时间 at。', en: 'The first step must say when: at.' });
    if (now !== undefined && isBefore(at, now))
      throw new ScenarioError(step.line, {
        zh: '步骤须按时间先后排列。',
        en: 'Steps stand in the order of time; this one is earlier than the one before it.',
      });
    steps.push({ at, kind: 'step', step, given: scenario.given.includes(step) });
    now = at;
  }
  const scenes = [...steps];
  for (const round of scenario.rounds) {
    const own = scenes.findIndex((scene) => scene.kind === 'step' && scene.step === round.when);
    let after = own + 1;
    for (const expected of round.checks) {
      if (expected.at === undefined) {
        scenes.splice(after, 0, { at: scenes[own]!.at, kind: 'check', check: expected, round });
        after += 1;
      }
    }
    for (const expected of round.checks)
      if (expected.at !== undefined) insert(scenes, { at: moment(expected.at), kind: 'check', check: expected, round });
  }
  return scenes;
};
const insert = (scenes: Scene[], scene: Scene): void => {
  const later = scenes.findIndex(({ at }) => isBefore(scene.at, at));
  scenes.splice(later === -1 ? scenes.length : later, 0, scene);
};

const everybody = (scenario: Scenario): ReadonlySet<string> => {
  const names = new Set(Object.keys(scenario.parties));
  for (const { memberOf } of Object.values(scenario.parties) as readonly { readonly memberOf?: string }[])
    if (memberOf !== undefined) names.add(memberOf);
  for (const step of [...scenario.given, ...scenario.rounds.map(({ when }) => when)]) {
    const said = step as unknown as Readonly<Record<string, unknown>>;
    for (const key of ['who', 'for', 'of', 'to', 'member', 'team', 'closedBy'])
      if (typeof said[key] === 'string') names.add(said[key]);
    for (const key of ['assistants', 'agreedBy'])
      for (const name of (said[key] ?? []) as readonly string[]) names.add(name);
    for (const { partyId } of (said['shares'] ?? []) as readonly { readonly partyId: string }[]) names.add(partyId);
  }
  for (const { who } of scenario.rounds.flatMap(({ checks }) => checks)) if (who !== undefined) names.add(who);
  return names;
};

class Player {
  readonly #acts = new Map<Step, Act>();
  readonly #failures: Failure[] = [];

  constructor(
    readonly world: World,
    readonly ticks: 'punctual' | 'late',
  ) {}

  async play(scenes: readonly Scene[]): Promise<readonly Failure[]> {
    for (const scene of scenes) {
      if (this.ticks === 'punctual') await this.meetOnTheWay(scene.at);
      await this.moveTo(scene.at, scene.kind);
      if (scene.kind === 'check') await this.look(scene.check, scene.round);
      else if (!(await this.act(scene.step, scene.given))) break;
    }
    return this.#failures.toSorted((a, b) => a.line - b.line);
  }

  /** Every deadline on the way is met when it comes, as the ticking server would. */
  private async meetOnTheWay(at: Instant): Promise<void> {
    const { installation, clock } = this.world.stage;
    const rows = await installation.readings.of(due);
    let after = this.world.now();
    for (let met = 0; ; met += 1) {
      if (met > deadlinesMax) throw new Error(`More than ${deadlinesMax} deadlines before ${at}`);
      await installation.catchUp();
      const {
        rows: [next],
      } = await rows.page({
        where: { dueAt: { atLeast: addMilliseconds(after, 1), below: addMilliseconds(at, 1) } },
        order: [{ field: 'dueAt', direction: 'ascending' }],
        first: 1,
      });
      if (next === undefined) break;
      after = next.document.dueAt;
      clock.set(after);
      await installation.meetDeadlines();
    }
  }

  private async moveTo(at: Instant, to: Scene['kind']): Promise<void> {
    const { installation, clock } = this.world.stage;
    clock.set(at);
    await installation.catchUp();
    if (this.ticks === 'punctual' || to === 'step') return;
    await installation.meetDeadlines();
    await installation.catchUp();
  }

  /**
   * Sends the command and then, because clients do, the same one once more: it must be answered the same. False when
   * the scenario cannot go on.
   */
  private async act(step: Step, given: boolean): Promise<boolean> {
    const { installation } = this.world.stage;
    const from = await installation.parts.log.head();
    const verb = verbs[step.does]! as unknown as { readonly command?: (step: Step, world: World) => Promise<ICommand> };
    if (verb.command === undefined) {
      this.#acts.set(step, { step, rejections: [], from });
      return true;
    }
    const command = await verb.command(step, this.world);
    const outcome = await this.send(step, () => installation.bus.execute(command) as Promise<Outcome>);
    if (outcome === undefined) return false;
    this.world.remember(outcome, step.as);
    const again = (await installation.bus.execute(command)) as Outcome;
    if (
      outcome.outcome !== 'indeterminate' &&
      outcome.events.length > 0 &&
      !(again.outcome === outcome.outcome && again.repeated && again.position === outcome.position)
    ) {
      this.fail(
        step.line,
        { zh: '同一命令再次发出，得到同样的答复', en: 'the same command sent again is answered the same' },
        { zh: again.outcome, en: again.outcome },
      );
    }
    await installation.catchUp();
    this.#acts.set(step, { step, outcome, rejections: rejectionsOf(outcome), from });
    await this.oneProtectionAtMost(step, outcome);
    return this.asGiven(step, outcome, given);
  }

  private async send(step: Step, execute: () => Promise<Outcome>): Promise<Outcome | undefined> {
    try {
      return await execute();
    } catch (error) {
      if (error instanceof ScenarioError) throw error;
      this.fail(
        step.line,
        { zh: '一个答复', en: 'an answer' },
        { zh: `出错：${String(error)}`, en: `it threw ${String(error)}` },
      );
      return undefined;
    }
  }

  /** What is given must come true: a step before the act that is refused unexpectedly ends the scenario there. */
  private asGiven(step: Step, outcome: Outcome, given: boolean): boolean {
    const rejections = rejectionsOf(outcome);
    const because = becauseOf(outcome, this.world.evaluation.policy);
    if (step.refused === undefined) {
      if (!given || outcome.outcome === 'accepted') return true;
      this.#failures.push({
        line: step.line,
        expected: { zh: '前提步骤被受理', en: 'this given step is accepted' },
        happened: {
          zh: `被拒绝：${rejections.map(({ reason }) => reason).join('、')}`,
          en: `refused: ${rejections.map(({ reason }) => reason).join(', ')}`,
        },
        because,
      });
      return false;
    }
    const wanted = step.refused === true ? [] : step.refused;
    const reasons = rejections.map(({ reason }) => reason as string);
    if (outcome.outcome === 'refused' && wanted.every((reason) => reasons.includes(reason))) return true;
    this.#failures.push({
      line: step.line,
      expected: { zh: `被拒绝 ${wanted.join('、')}`, en: `refused ${wanted.join(', ')}` },
      happened: { zh: `${outcome.outcome} ${reasons.join('、')}`, en: `${outcome.outcome} ${reasons.join(', ')}` },
      because,
    });
    return false;
  }

  /** A law of the product, looked at after every step: at most one live protection of one subject and kind. */
  private async oneProtectionAtMost(step: Step, outcome: Outcome): Promise<void> {
    if (outcome.outcome !== 'accepted') return;
    const cards = await this.world.stage.installation.readings.of(registrationCard);
    for (const dossierId of new Set(
      outcome.events
        .map(({ stream }) => stream)
        .filter((stream) => stream.startsWith('dossier-'))
        .map((stream) => stream.slice('dossier-'.length) as DossierId),
    )) {
      const { rows } = await cards.page({
        where: { dossierId: { equals: dossierId } },
        order: [{ field: 'filedAt', direction: 'ascending' }],
        first: 100,
      });
      const live = rows
        .map(({ document }) => document)
        .filter(
          ({ state, endsAt, suspendedSince }) =>
            state === 'protected' &&
            (suspendedSince !== undefined || (endsAt !== undefined && isBefore(this.world.now(), endsAt))),
        );
      const exclusive = live
        .map((card) => ({ ...card, ...claimsOf(this.world.evaluation, card.class) }))
        .filter(({ claims }) => claims === 'exclusive');
      for (const rivals of Object.values(Object.groupBy(exclusive, ({ kind }) => kind ?? '')))
        if (rivals !== undefined && rivals.length > 1)
          this.fail(
            step.line,
            { zh: '同一对象同时至多一个保护', en: 'at most one live protection of one subject' },
            { zh: rivals.map(({ holder }) => holder).join('、'), en: rivals.map(({ holder }) => holder).join(', ') },
          );
    }
  }

  private async look(expected: Check, round: Round): Promise<void> {
    const act = this.#acts.get(round.when);
    const findings: readonly Finding[] = await check(expected, act, this.world);
    for (const { expected: wanted, happened, because } of findings)
      this.#failures.push({ line: expected.line, expected: wanted, happened, because: because ?? [] });
  }

  private fail(line: number, expected: Failure['expected'], happened: Failure['happened']): void {
    this.#failures.push({ line, expected, happened, because: [] });
  }
}

export const rejectionsOf = (outcome: Outcome): readonly RecordedRejection[] =>
  outcome.outcome === 'refused'
    ? (outcome.events as readonly Recorded[]).flatMap(
        ({ event }) => (event as unknown as { readonly rejections?: readonly RecordedRejection[] }).rejections ?? [],
      )
    : [];
