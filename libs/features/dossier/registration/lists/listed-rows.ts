import type { Collection, PageRequest } from '#event-sourcing/ports/read-store.js';
import type { Instant, PartyId, ProgramId } from '#event-sourcing/vocabulary.js';
import type { ReadModel } from '#event-sourcing/projection/read-model.js';
import type { Policy } from '#policy/policy.js';
import { listed, type List } from '#policy/clauses/lists.js';
import { tallied, type Cell, type Statistic } from '#policy/clauses/statistics.js';
import type { Dimension, ListedRow } from '#policy/selection.js';
import { dateIn } from '#time/instant.js';
import { caseFile } from '../../collision/case-file/case-file.js';
import { attribution } from '../../deal/attribution/attribution.js';
import { flags } from '../flags/flags.js';
import { registrationCard, stateAt, type RegistrationCard } from '../registration-card/registration-card.js';

/** What lists and statistics read from; teams as they are at the moment of the question. */
export interface ListSources {
  readonly of: <Row extends object>(model: ReadModel<Row>) => Promise<Collection<Row>>;
  readonly teamsOf: (party: PartyId) => Promise<readonly PartyId[]>;
}
/** Who asks, about which program, when, and which of its claims the asker may see. */
export interface ListAsked {
  readonly policy: Policy;
  readonly programId: ProgramId;
  readonly reader: PartyId;
  readonly now: Instant;
  readonly seesRows: boolean;
  readonly isOwn: (card: RegistrationCard) => boolean;
}

/** Rows that one question looks at; of a program with more, the latest count. */
export const rowsMax = 20_000;
const pageMax = 100;

export interface ListAnswer {
  /** In the order of the list. */
  readonly cards: readonly RegistrationCard[];
  /** Of all that the asker may see, not of the latest alone. */
  readonly complete: boolean;
}
/** The registrations of a list, in its order: of what the asker may see, and nothing of the rest. */
export const listOf = async (sources: ListSources, list: List, asked: ListAsked): Promise<ListAnswer> => {
  const found = await everyRow(await sources.of(registrationCard), ofProgram(asked.programId, 'filedAt'));
  const teams = teamsMemo(sources);
  const seen = found.documents.filter((card) => asked.seesRows || asked.isOwn(card));
  const mine = list.holders === 'team' ? new Set(await teams(asked.reader)) : undefined;
  const cards: RegistrationCard[] = [];
  for (const card of seen)
    if (mine === undefined || (await teams(card.holder)).some((team) => mine.has(team))) cards.push(card);
  const byId = new Map(cards.map((card) => [card.registrationId as string, card]));
  const rows = await registrationRows(sources, asked, { cards, teams: asksForTeam(list.order) ? teams : undefined });
  return {
    cards: listed(asked.policy, list, { rows, today: today(asked) }).map(({ id }) => byId.get(id)!),
    complete: found.complete,
  };
};

export interface StatisticAnswer {
  readonly cells: readonly Cell[];
  readonly complete: boolean;
}
/** The cells of a statistic, over the whole program: it names no customer, and hides what is too small to tell. */
export const statisticOf = async (
  sources: ListSources,
  statistic: Statistic,
  asked: ListAsked,
): Promise<StatisticAnswer> => {
  const { rows, complete } = await rowsOf(sources, statistic, asked);
  return { cells: tallied(asked.policy, statistic, { rows, today: today(asked), seesRows: asked.seesRows }), complete };
};

interface Rows {
  readonly rows: readonly ListedRow[];
  readonly complete: boolean;
}
const rowsOf = async (sources: ListSources, { of, by }: Statistic, asked: ListAsked): Promise<Rows> => {
  const teams = asksForTeam(by.map((dimension) => ({ by: dimension }))) ? teamsMemo(sources) : undefined;
  const teamOf = async (party: PartyId): Promise<string | undefined> => (await teams?.(party))?.[0];
  const month = (at: Instant): string => dateIn(at, asked.policy.timeZone).slice(0, 7);
  switch (of) {
    case 'registrations': {
      const found = await everyRow(await sources.of(registrationCard), ofProgram(asked.programId, 'filedAt'));
      return { ...found, rows: await registrationRows(sources, asked, { cards: found.documents, teams }) };
    }
    case 'cases': {
      const files = await sources.of(caseFile);
      const states = await Promise.all(
        ['open', 'decided'].map((state) => everyRow(files, ofProgram(asked.programId, 'raisedAt', state))),
      );
      return {
        complete: states.every(({ complete }) => complete),
        rows: states
          .flatMap(({ documents }) => documents)
          .map(({ caseId, state, cause, outcome, raisedAt }) =>
            bare(caseId, { state, cause, month: month(raisedAt), ...(outcome === undefined ? {} : { outcome }) }),
          ),
      };
    }
    case 'deals': {
      const found = await everyRow(await sources.of(attribution), ofProgram(asked.programId, 'signedAt'));
      const standing = found.documents.filter(({ rescindedAt }) => rescindedAt === undefined);
      return {
        ...found,
        rows: await Promise.all(
          standing.map(async ({ dealId, closedBy, basis, signedAt, amount }) => ({
            ...bare(dealId, {
              ...held(closedBy, await teamOf(closedBy)),
              month: month(signedAt),
              ...(basis && { basis }),
            }),
            fields: { amount },
          })),
        ),
      };
    }
    case 'flags': {
      const found = await everyRow(await sources.of(flags), ofProgram(asked.programId, 'flaggedAt'));
      const standing = found.documents.filter(({ lifted }) => !lifted);
      return {
        ...found,
        rows: await Promise.all(
          standing.map(async ({ flagId, flag, partyId, about, flaggedAt }) =>
            bare(flagId, { ...held(partyId, await teamOf(partyId)), flag, about, month: month(flaggedAt) }),
          ),
        ),
      };
    }
  }
};
const bare = (id: string, columns: ListedRow['columns']): ListedRow => ({
  id,
  columns,
  fields: {},
  stages: {},
  flags: [],
});
const held = (holder: PartyId, team: string | undefined): ListedRow['columns'] => ({
  holder,
  ...(team === undefined ? {} : { team }),
});

/** In the order of filing. */
const registrationRows = async (
  sources: ListSources,
  { policy, programId, now }: ListAsked,
  { cards, teams }: { readonly cards: readonly RegistrationCard[]; readonly teams: ListSources['teamsOf'] | undefined },
): Promise<readonly ListedRow[]> => {
  const marked = await everyRow(await sources.of(flags), ofProgram(programId, 'flaggedAt'));
  const flagsOf = Map.groupBy(
    marked.documents.filter(({ lifted }) => !lifted),
    ({ registrationId }) => registrationId,
  );
  const day = (at: Instant): string => dateIn(at, policy.timeZone);
  return Promise.all(
    cards
      .toReversed()
      .map(async (card) => ({
        id: card.registrationId,
        columns: {
          state: stateAt(card, now),
          class: card.class,
          channel: card.channel,
          ...held(card.holder, (await teams?.(card.holder))?.[0]),
          filedOn: day(card.filedAt),
          month: day(card.filedAt).slice(0, 7),
          ...(card.cause === undefined ? {} : { cause: card.cause }),
          ...(card.lastDay === undefined ? {} : { lastDay: card.lastDay, lastMonth: card.lastDay.slice(0, 7) }),
          ...(card.endsAt === undefined ? {} : { endsAt: card.endsAt }),
          ...(card.review === undefined ? {} : { step: card.review.step }),
        },
        fields: card.details,
        stages: card.stages ?? {},
        flags: (flagsOf.get(card.registrationId) ?? []).map(({ flag }) => flag),
      })),
  );
};

const today = ({ policy, now }: ListAsked) => dateIn(now, policy.timeZone);
const asksForTeam = (order: readonly { readonly by: Dimension }[]): boolean => order.some(({ by }) => by === 'team');
const teamsMemo = ({ teamsOf }: ListSources): ListSources['teamsOf'] => {
  const known = new Map<PartyId, Promise<readonly PartyId[]>>();
  return (party) => {
    const teams = known.get(party) ?? teamsOf(party);
    known.set(party, teams);
    return teams;
  };
};

type Page = Pick<PageRequest, 'where' | 'order'>;
/** The latest first. */
const ofProgram = (programId: ProgramId, field: string, state?: string): Page => ({
  where: { programId: { equals: programId }, ...(state === undefined ? {} : { state: { equals: state } }) },
  order: [{ field, direction: 'descending' }],
});
const everyRow = async <Row extends object>(
  rows: Collection<Row>,
  asked: Page,
): Promise<{ readonly documents: readonly Row[]; readonly complete: boolean }> => {
  const documents: Row[] = [];
  for (let after: string | undefined; documents.length < rowsMax;) {
    const page = await rows.page({ ...asked, first: pageMax, ...(after === undefined ? {} : { after }) });
    documents.push(...page.rows.map(({ document }) => document));
    if (!page.hasNext) return { documents, complete: true };
    after = page.rows.at(-1)!.cursor;
  }
  return { documents, complete: false };
};
