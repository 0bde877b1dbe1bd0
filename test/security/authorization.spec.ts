import { readFileSync } from 'node:fs';
import { buildSchema } from 'graphql';
import { decodeEvent } from '#event-sourcing/envelope.js';
import { catalogue } from '#features/edge/catalogue.js';
import { knownRoles, type Role } from '#policy/roles.js';
import { asks } from './authorization-asks.js';
import { fieldKinds, table, type FieldKind, type Row, type Who } from './authorization-table.js';
import {
  AuthorizationWorld,
  maskedTelephone,
  rivalMarks,
  targets,
  type Actor,
  type Target,
} from './authorization-world.js';
import { documentFor, fieldsIn, objectFields, rootFields, rootsOf } from './schema-walk.js';
import { SocketClient } from './socket-client.js';

const among = (who: Who | undefined, role: Role): boolean =>
  who === 'all' || (Array.isArray(who) && who.includes(role));
/** A role held in another program counts here as no role, unless the row says otherwise. */
const roleHere = ({ role, elsewhere }: Actor, { away }: Row): Role =>
  elsewhere && !among(away, role) ? 'party' : role;

let world: AuthorizationWorld;
/** What is served: another suite sees to it that the printed schema is that. */
const schema = buildSchema(readFileSync('docs/reference/schema.graphql', 'utf8'));
beforeAll(async () => {
  world = await AuthorizationWorld.open();
});
afterAll(() => world.close());

/** One question of one role about one target, with what it came to and what it left in the log. */
interface Cell {
  readonly operation: string;
  readonly actor: Actor;
  readonly target: Target;
  readonly answer: unknown;
  readonly text: string;
  readonly codes: readonly string[];
  readonly left: readonly Left[];
}
interface Left {
  readonly type: string;
  readonly by: string;
  readonly stream: string;
  readonly event: Readonly<Record<string, unknown>>;
}
const cells: Cell[] = [];

const leftSince = async (head: number): Promise<readonly Left[]> =>
  (await world.api.installation.parts.log.readAll(head)).events
    .map((stored) => decodeEvent(stored, catalogue))
    .map(({ event, actor, stream }) => ({ type: event.type, by: actor.party, stream, event: event as Left['event'] }));

const fieldOf = (operation: string) => {
  const [type, name] = operation.split('#')[0]!.split('.') as [string, string];
  const [kind, root] = rootsOf(schema).find(([, { name: of }]) => of === type)!;
  return { kind, field: root.getFields()[name]! };
};

const codesOf = (
  answer: unknown,
  errors: readonly { readonly extensions: { readonly code: string } }[] | undefined,
): readonly string[] => [
  ...(errors ?? []).map(({ extensions }) => extensions.code),
  ...(isRefused(answer) ? answer.reasons.map(({ code }) => code) : []),
];
const isRefused = (answer: unknown): answer is { readonly reasons: readonly { readonly code: string }[] } =>
  (answer as { readonly __typename?: string } | null)?.__typename === 'Refused';

const askOne = async (operation: string, actor: Actor, target: Target): Promise<void> => {
  const variables = await asks[operation]!(world, actor, target);
  if (variables === undefined) return;
  const { kind, field } = fieldOf(operation);
  const head = await world.head();
  const { status, data, errors, text } = await world.api.ask<Readonly<Record<string, unknown>> | null>(
    actor.id,
    documentFor(kind, field),
    variables,
  );
  const answer = data?.[field.name] ?? null;
  cells.push({
    operation,
    actor,
    target,
    answer,
    text: `${status} ${text}`,
    codes: codesOf(answer, errors),
    left: await leftSince(head),
  });
};

const follow = async (actor: Actor, target: Target): Promise<void> => {
  const operation = 'Subscription.dossierChanged';
  const variables = (await asks[operation]!(world, actor, target))!;
  const head = await world.head();
  const socket = await SocketClient.enter(world.api.edge.port, await world.api.token(actor.id));
  socket.subscribe('one', documentFor('subscription', fieldOf(operation).field), variables);
  const { type, payload } = await socket.answer('one');
  await socket.close();
  const errors =
    type === 'error'
      ? (payload as { readonly extensions: { readonly code: string } }[])
      : (payload as { readonly errors?: { readonly extensions: { readonly code: string } }[] }).errors;
  const answer =
    type === 'error'
      ? null
      : ((payload as { readonly data?: Readonly<Record<string, unknown>> | null }).data?.['dossierChanged'] ?? null);
  cells.push({
    operation,
    actor,
    target,
    answer,
    text: JSON.stringify(payload),
    codes: codesOf(answer, errors),
    left: await leftSince(head),
  });
};

/** Queries first: commands change what they would find. */
const playAll = async (): Promise<void> => {
  const operations = Object.keys(table.operations);
  await world.seen();
  for (const kind of ['Query', 'Subscription', 'Mutation']) {
    for (const operation of operations.filter((name) => name.startsWith(`${kind}.`))) {
      for (const actor of world.actors)
        for (const target of targets)
          await (kind === 'Subscription' ? follow(actor, target) : askOne(operation, actor, target));
    }
  }
};

const named = ({ operation, actor, target }: Cell): string => `${operation} as ${actor.id}, ${target}`;
/** Places where the table and the answers differ; empty is what is wanted, and what is not says which cell. */
const deviations = (of: readonly Cell[], differs: (cell: Cell) => string | undefined): readonly string[] =>
  of.flatMap((cell) => {
    const what = differs(cell);
    return what === undefined ? [] : [`${named(cell)}: ${what}`];
  });
const denials: ReadonlySet<string> = new Set(['OPERATION_NOT_PERMITTED', 'OWN_CAUSE', 'ROLE_MISSING']);
const isMutation = ({ operation }: Cell): boolean => operation.startsWith('Mutation.');
const isNothing = (answer: unknown): boolean =>
  answer === null || (answer as { readonly edges?: readonly unknown[] }).edges?.length === 0;
const rowOf = ({ operation }: Cell): Row => table.operations[operation]!;
const expected = (cell: Cell): boolean => among(rowOf(cell)[cell.target], roleHere(cell.actor, rowOf(cell)));

it('A7 every operation and every field of every type stands in the table; cure: add the line that is named', () => {
  const operations = Object.keys(table.operations);
  expect(
    rootFields(schema)
      .filter((place) => !operations.some((name) => name.split('#')[0] === place))
      .map((place) => `  ${place}: { own: …, rival: …, missing: none }`),
  ).toEqual([]);
  expect(
    operations.filter((name) => asks[name] === undefined).map((name) => `'${name}': …, in authorization-asks.ts`),
  ).toEqual([]);
  expect(operations.filter((name) => !rootFields(schema).includes(name.split('#')[0]!))).toEqual([]);
  expect(
    objectFields(schema)
      .filter((place) => table.fields[place] === undefined)
      .map((place) => `  ${place}: ${fieldKinds.join('|')}`),
  ).toEqual([]);
  expect(Object.keys(table.fields).filter((place) => !objectFields(schema).includes(place))).toEqual([]);
  expect(Object.entries(table.fields).filter(([, kind]) => !fieldKinds.includes(kind))).toEqual([]);
});

describe('A7 the matrix', () => {
  beforeAll(playAll, 240_000);

  it('answers and refuses whom the table says', () => {
    expect(
      deviations(cells, (cell) => {
        if (cell.operation.startsWith('Mutation.')) {
          if (cell.target === 'missing' && !expected(cell))
            return isRefused(cell.answer) ? undefined : 'was not refused';
          const denied =
            cell.codes.some((code) => denials.has(code)) ||
            (cell.operation === 'Mutation.object' && cell.target === 'rival');
          if (cell.answer === null) return `no answer: ${cell.text}`;
          return denied === expected(cell)
            ? `${expected(cell) ? 'was refused' : 'was let do it'}: ${cell.codes.join()}`
            : undefined;
        }
        if (cell.codes.some((code) => code !== 'FORBIDDEN' && code !== 'NOT_FOUND')) return cell.codes.join();
        return isNothing(cell.answer) === expected(cell)
          ? `${expected(cell) ? 'was shown nothing' : 'was shown something'}: ${cell.text.slice(0, 300)}`
          : undefined;
      }),
    ).toEqual([]);
  });

  it("a rival's record and one that does not exist are answered alike: same status, same code, same length, same words", () => {
    const withoutPositions = (text: string): string => text.replaceAll(/"position":"[\w-]+"/g, '"position":""');
    expect(
      deviations(
        cells.filter(
          (cell) =>
            cell.target === 'rival' && !expected(cell) && rowOf(cell).missing === 'none' && rowOf(cell).tells !== true,
        ),
        (cell) => {
          const missing = cells.find(
            (other) => other.operation === cell.operation && other.actor === cell.actor && other.target === 'missing',
          );
          if (missing === undefined) return 'has nothing to compare with';
          if (cell.text.length !== missing.text.length)
            return `${cell.text.length} characters instead of ${missing.text.length}`;
          return withoutPositions(cell.text) === withoutPositions(missing.text)
            ? undefined
            : `${cell.text} instead of ${missing.text}`;
        },
      ),
    ).toEqual([]);
  });

  it('a command that is refused leaves the record of its refusal, in the stream of whoever tried, and nothing else', () => {
    expect(
      deviations(
        cells.filter((cell) => isMutation(cell) && isRefused(cell.answer)),
        ({ left, actor }) => {
          const [one, ...more] = left;
          return one?.type === 'CommandRefused' &&
            one.by === actor.id &&
            one.stream.startsWith(`attempts-${actor.id}-`) &&
            more.length === 0
            ? undefined
            : left.map(({ type, stream }) => `${type} in ${stream}`).join();
        },
      ),
    ).toEqual([]);
  });

  it("P8 each reading of what is somebody else's left one record with who, what and why; no other question left any", () => {
    expect(
      deviations(
        cells.filter((cell) => !isMutation(cell) && cell.operation !== 'Query.availability'),
        (cell) => {
          const { records, ...row } = rowOf(cell);
          const recorded =
            records === undefined
              ? cell.target === 'rival' && expected(cell)
              : among(records[cell.target], roleHere(cell.actor, row));
          const [one, ...more] = cell.left;
          if (!recorded) return cell.left.length === 0 ? undefined : `left ${cell.left.map(({ type }) => type).join()}`;
          const query = cell.operation.split('#')[0]!.split('.')[1];
          return one?.type === 'RecordRead' &&
            more.length === 0 &&
            one.by === cell.actor.id &&
            one.event['query'] === query &&
            one.event['purpose'] === 'audit' &&
            one.event['subject'] !== undefined
            ? undefined
            : `left ${JSON.stringify(cell.left)}`;
        },
      ),
    ).toEqual([]);
  });

  it('every question whether a customer is free left the record of what was answered', () => {
    expect(
      deviations(
        cells.filter(({ operation }) => operation === 'Query.availability'),
        ({ left, actor, answer }) => {
          const [one, ...more] = left;
          return one?.type === 'AvailabilityAsked' &&
            one.by === actor.id &&
            more.length === 0 &&
            one.event['answer'] === String((answer as Readonly<Record<string, unknown>>)['answer']).toLowerCase()
            ? undefined
            : JSON.stringify(left);
        },
      ),
    ).toEqual([]);
  });

  it('each field shows what the table says, and to a plain party nothing of a rival ever', () => {
    expect(
      deviations(cells, (cell) => {
        const plain =
          roleHere(cell.actor, rowOf(cell)) === 'party' || roleHere(cell.actor, rowOf(cell)) === 'policyOwner';
        const echoed = isMutation(cell) && expected(cell);
        if (plain && !echoed && Object.values(rivalMarks).some((mark) => mark.test(cell.text)))
          return `shows a rival: ${cell.text.slice(0, 400)}`;
        return fieldsIn(cell.answer).flatMap(({ place, value }) => {
          const wrong = wrongIn(table.fields[place]!, value, cell, plain);
          return wrong === undefined ? [] : [`${place} ${wrong}`];
        })[0];
      }),
    ).toEqual([]);
  });

  it('no field was passed by: each was seen in some answer, or is known not to come about here', () => {
    const seen = new Set(
      cells.flatMap(({ answer }) =>
        fieldsIn(answer)
          .filter(({ value }) => value !== undefined)
          .map(({ place }) => place),
      ),
    );
    expect(
      Object.entries(table.fields)
        .filter(([place, kind]) => (kind === 'unseen') === seen.has(place))
        .map(([place]) => place),
    ).toEqual([]);
  });

  it("has at least 3,000 cells: operations and fields × roles × own, rival's, not existing", () => {
    const reached = new Map<string, Set<string>>();
    for (const { operation, answer } of cells)
      for (const { place } of fieldsIn(answer)) reached.set(place, (reached.get(place) ?? new Set()).add(operation));
    const ofFields = [...reached].flatMap(([place, operations]) =>
      cells
        .filter(({ operation }) => operations.has(operation))
        .map(({ actor, target }) => `${place} ${actor.role} ${actor.elsewhere} ${target}`),
    );
    const count = cells.length + new Set(ofFields).size;
    process.stdout.write(
      `Authorization matrix: ${cells.length} operation cells and ${new Set(ofFields).size} field cells, ${knownRoles.length} roles here and ${knownRoles.length - 1} held elsewhere\n`,
    );
    expect(count).toBeGreaterThanOrEqual(3_000);
  });
});

const isContainer = (value: unknown): boolean =>
  Array.isArray(value) ? value.some(isContainer) : typeof value === 'object' && value !== null && '__typename' in value;
const clearFor: ReadonlySet<Role> = new Set(['desk', 'reviewer']);

/** What is wrong with one value, by the kind of its field; objects inside are judged field by field. */
const wrongIn = (kind: FieldKind, value: unknown, cell: Cell, plain: boolean): string | undefined => {
  if (isContainer(value) || value === null) return undefined;
  const text = JSON.stringify(value);
  switch (kind) {
    case 'open':
      return Object.values(rivalMarks).some((mark) => mark.test(text)) ? `is open and shows ${text}` : undefined;
    case 'official':
      return plain ? `is official and shows ${text}` : undefined;
    case 'masked':
      return rivalMarks.telephone.test(text) ? `is not masked: ${text}` : undefined;
    case 'telephone': {
      if (clearFor.has(roleHere(cell.actor, rowOf(cell))))
        return maskedTelephone.test(text) ? `is masked for whose work it is: ${text}` : undefined;
      return rivalMarks.telephone.test(text) ? `is not masked: ${text}` : undefined;
    }
    case 'parties':
    case 'answer':
    case 'unseen':
      return undefined;
  }
};
