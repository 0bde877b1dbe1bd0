import { Args, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import type { Filter } from '#event-sourcing/ports/read-store.js';
import type { Box } from '#event-sourcing/event.js';
import { type OpenedBox } from '#event-sourcing/sealing/sealing.js';
import type { ProgramId } from '#event-sourcing/vocabulary.js';
import type { Purpose } from '../../../audit/record-read/record-read.js';
import { CurrentCaller, type Caller } from '#graphql/caller.js';
import { Answers } from '../../../edge/answers.js';
import { toConnection, type Connection } from '#graphql/connection.js';
import { FormValuesScalar } from '#graphql/scalars.js';
import { addDays, addMilliseconds, dateIn, endOfDay } from '#time/instant.js';
import { notForYou, type Sight } from '../../../edge/sight.js';
import { listNamed } from '#policy/clauses/lists.js';
import type { Role } from '#policy/roles.js';
import { caseFile } from '../../collision/case-file/case-file.js';
import { registrationCard, registrationIdOf, type RegistrationCard } from './registration-card.js';
import {
  claimsShowing,
  ExpiringSoonArguments,
  pageIn,
  RegistrationListArguments,
  MyRegistrationsArguments,
  RegistrationArguments,
  RegistrationsArguments,
  ReviewQueueArguments,
  type ShownPage,
} from './claims-page.graphql.js';
import { listOf } from '../lists/listed-rows.js';
import {
  ListedRegistrations,
  RegistrationConnection,
  RegistrationType,
  toRegistration,
} from './registration.graphql.js';

const neverShown = (): never => {
  throw new Error('An empty page has no row');
};
const queueRoles: readonly Role[] = ['reviewer', 'desk', 'administrator', 'auditor'];

/** What holds the customer as filed, and what was changed of it since. */
const boxesOf = ({ customer, amended = [] }: RegistrationCard): readonly (Box | undefined)[] => [
  customer,
  ...amended.map(({ box }) => box),
];

@Resolver(() => RegistrationType)
export class RegistrationCardResolver {
  constructor(private readonly answers: Answers) {}

  @ResolveField(() => FormValuesScalar, {
    nullable: true,
    description:
      "The customer as filed; null once erased. Telephone numbers are masked unless it is one's own or one's work; who arbitrates its open case reads them for ARBITRATION. / 客户信息；已删除则为空。",
  })
  customer(@Parent() registration: RegistrationType): Promise<object | null> {
    return registration.openCustomer();
  }

  @Query(() => RegistrationType, {
    nullable: true,
    description:
      "One registration. Somebody else's, unless it is one's work, is answered like one that does not exist. / 单个报备；无权查看者与不存在答复相同。",
  })
  async registration(
    @Args() { id, atPosition, purpose }: RegistrationArguments,
    @CurrentCaller() caller: Caller,
  ): Promise<RegistrationType | null> {
    const cards = await this.answers.of(registrationCard, atPosition);
    const card = await cards.get(await registrationIdOf(() => Promise.resolve(cards), id));
    if (card === undefined) return null;
    const own = (await this.answers.ownIn(caller, card.programId))(card);
    const sight =
      own || (await this.#arbitrates(caller, card, purpose))
        ? 'clear'
        : this.answers.sight('claims', caller, card.programId);
    if (sight === 'none') return null;
    if (!own)
      await this.answers.recordRead(caller, {
        programId: card.programId,
        subject: card.dossierId,
        query: 'registration',
        purpose,
      });
    const opened = (): Promise<readonly (OpenedBox | 'erased')[]> => this.answers.open(boxesOf(card));
    return toRegistration(card, {
      sight,
      party: this.#party(caller, card),
      opened,
      policies: await this.answers.policiesOf(card.programId),
      now: this.answers.now(),
      position: await this.answers.seenBy(cards),
    });
  }

  @Query(() => RegistrationConnection, {
    nullable: true,
    description: 'What I hold in a program, latest first. / 我的报备，最新在前。',
  })
  async myRegistrations(
    @Args() { programId, first, after, atPosition }: MyRegistrationsArguments,
    @CurrentCaller() caller: Caller,
  ): Promise<Connection<RegistrationType>> {
    const cards = await this.answers.of(registrationCard, atPosition);
    return this.#show(
      caller,
      await cards.page({
        where: { programId: { equals: programId }, holder: { equals: caller.party } },
        order: [{ field: 'filedAt', direction: 'descending' }],
        first,
        ...(after === undefined ? {} : { after }),
      }),
    );
  }

  @Query(() => RegistrationConnection, {
    nullable: true,
    description:
      'My protections whose last day is today or one of so many days after it, the next one first. / 我在今天起若干天内到期的保护，先到期者在前。',
  })
  async expiringSoon(
    @Args() { programId, days, first, after, atPosition }: ExpiringSoonArguments,
    @CurrentCaller() caller: Caller,
  ): Promise<Connection<RegistrationType>> {
    const cards = await this.answers.of(registrationCard, atPosition);
    const now = this.answers.now();
    const policy = (await this.answers.policiesOf(programId as ProgramId))(undefined);
    if (policy === undefined)
      return toConnection({ rows: [], hasNext: false }, neverShown, await this.answers.seenBy(cards));
    // As people count: the days of the program's own calendar on the wall, today among them.
    const lastDay = addDays(dateIn(now, policy.timeZone), days);
    const where: Filter = {
      programId: { equals: programId },
      holder: { equals: caller.party },
      endsAt: { atLeast: now, below: addMilliseconds(endOfDay(lastDay, policy.timeZone), 1) },
    };
    return this.#show(
      caller,
      await cards.page({
        where,
        order: [{ field: 'endsAt', direction: 'ascending' }],
        first,
        ...(after === undefined ? {} : { after }),
      }),
    );
  }

  @Query(() => RegistrationConnection, {
    nullable: true,
    description:
      'The claims in a program, latest first, for whom its policy lets look through them; recorded. Others see their own. / 项目内报备（制度允许者可查阅，留痕）；其他人只见自己的。',
  })
  async registrations(
    @Args() asked: RegistrationsArguments,
    @CurrentCaller() caller: Caller,
  ): Promise<Connection<RegistrationType>> {
    const cards = await this.answers.of(registrationCard, asked.atPosition);
    const sight = await this.answers.browsing(caller, asked.programId as ProgramId);
    if (sight === 'none' && asked.holder !== undefined && asked.holder !== caller.party)
      throw notForYou('registrations');
    return this.#showOthers(
      caller,
      await claimsShowing(cards, asked, {
        holder: sight === 'none' ? caller.party : asked.holder,
        now: this.answers.now(),
      }),
      asked,
      'registrations',
      sight,
    );
  }

  @Query(() => ListedRegistrations, {
    nullable: true,
    description:
      'A list that the policy in force has for the caller: filtered and ordered as it says, of what the caller may see; recorded. / 制度规定的列表（限可见范围，留痕）。',
  })
  async registrationList(
    @Args() asked: RegistrationListArguments,
    @CurrentCaller() caller: Caller,
  ): Promise<Connection<RegistrationType> & Pick<ListedRegistrations, 'title' | 'total' | 'complete'>> {
    const cards = await this.answers.of(registrationCard, asked.atPosition);
    const programId = asked.programId as ProgramId;
    const policy = (await this.answers.policiesOf(programId))(undefined);
    const list = policy && listNamed(policy, asked.name, this.answers.asReader(caller, programId));
    if (policy === undefined || list === undefined) throw notForYou('registrationList');
    const sight = await this.answers.browsing(caller, programId);
    const found = await listOf(this.answers, list, {
      policy,
      programId,
      reader: caller.party,
      now: this.answers.now(),
      seesRows: sight !== 'none',
      isOwn: await this.answers.ownIn(caller, programId),
    });
    const page = pageIn(found.cards, asked, (await cards.checkpoint()) - 1);
    return {
      ...(await this.#showOthers(caller, page, asked, 'registrationList', sight)),
      title: list.title,
      total: found.cards.length,
      complete: found.complete,
    };
  }

  @Query(() => RegistrationConnection, {
    nullable: true,
    description: 'What waits for a review, the most urgent first. / 待审队列，最急者在前。',
  })
  async reviewQueue(
    @Args() asked: ReviewQueueArguments,
    @CurrentCaller() caller: Caller,
  ): Promise<Connection<RegistrationType>> {
    const cards = await this.answers.of(registrationCard, asked.atPosition);
    const roles = this.answers.rolesShownIn(caller, asked.programId as ProgramId);
    if (!roles.some((role) => queueRoles.includes(role))) throw notForYou('reviewQueue', queueRoles);
    return this.#showOthers(
      caller,
      await cards.page({
        where: { programId: { equals: asked.programId }, state: { equals: 'underReview' } },
        order: [{ field: 'dueAt', direction: 'ascending' }],
        first: asked.first,
        ...(asked.after === undefined ? {} : { after: asked.after }),
      }),
      asked,
      'reviewQueue',
      this.answers.sight('claims', caller, asked.programId as ProgramId),
    );
  }

  /** Whether two numbers are one is what a verdict rests on: who judges the open case reads them, and that is recorded. */
  async #arbitrates(caller: Caller, { caseId, programId }: RegistrationCard, purpose: Purpose | undefined) {
    if (caseId === undefined || purpose !== 'arbitration') return false;
    const file = await (await this.answers.of(caseFile)).get(caseId);
    const roles = this.answers.rolesIn(caller, programId);
    return file?.state === 'open' && file.arbiters.some((role) => roles.some((held) => held === role));
  }

  #party(caller: Caller, card: RegistrationCard): string | undefined {
    return this.answers.sight('claims', caller, card.programId) === 'none' ? caller.party : undefined;
  }

  /** A page that may show what is not the caller's own: recorded once, with every dossier that it shows. */
  async #showOthers(
    caller: Caller,
    page: ShownPage,
    { programId, purpose }: RegistrationsArguments | RegistrationListArguments | ReviewQueueArguments,
    query: string,
    sight: Sight,
  ): Promise<Connection<RegistrationType>> {
    const isOwn = await this.answers.ownIn(caller, programId as ProgramId);
    const others = page.rows.filter(({ document }) => !isOwn(document)).map(({ document }) => document.dossierId);
    if (others.length > 0)
      await this.answers.recordRead(caller, {
        programId: programId as ProgramId,
        subject: `program:${programId}`,
        subjects: [...new Set(others)],
        query,
        purpose,
      });
    return this.#show(caller, page, sight, query !== 'reviewQueue' && sight === 'none');
  }

  /** `sight`: of those that are not the caller's own. */
  async #show(
    caller: Caller,
    page: ShownPage,
    sight: Sight = 'none',
    partial = false,
  ): Promise<Connection<RegistrationType>> {
    // One opening for the whole page, by whichever row is asked for its customer first.
    let opening: Promise<readonly (OpenedBox | 'erased')[]> | undefined;
    const boxes = page.rows.flatMap(({ document }) => boxesOf(document));
    const openedOf = (card: RegistrationCard) => async (): Promise<readonly (OpenedBox | 'erased')[]> => {
      opening ??= this.answers.open(boxes);
      const first = places.get(card)!;
      return (await opening).slice(first, first + boxesOf(card).length);
    };
    const places = new Map<RegistrationCard, number>();
    let place = 0;
    for (const { document } of page.rows) {
      places.set(document, place);
      place += boxesOf(document).length;
    }
    const program = page.rows[0]?.document.programId;
    const policies = await this.answers.policiesOf(program);
    const isOwn = program === undefined ? () => false : await this.answers.ownIn(caller, program);
    const now = this.answers.now();
    const position = this.answers.pageToken(page);
    return toConnection(
      page,
      (card: RegistrationCard) =>
        toRegistration(card, {
          sight: isOwn(card) || sight === 'clear' ? 'clear' : 'masked',
          party: this.#party(caller, card),
          now,
          position,
          policies,
          opened: openedOf(card),
        }),
      position,
      { partial },
    );
  }
}
