import { readFileSync } from 'node:fs';
import { Budgets } from '#features/edge/budgets.js';
import fc from 'fast-check';
import {
  buildSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isScalarType,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLNamedInputType,
} from 'graphql';
import { knownRoles } from '#policy/roles.js';
import { errorTexts } from '#graphql/error-codes.js';
import { Api, program } from '#test/e2e/api.js';
import {
  hostileJson,
  hostileKeys,
  hostileMoney,
  hostileNumbers,
  hostileShapes,
  hostileTexts,
  hostileTimes,
} from './hostile.js';
import { documentFor, rootsOf } from './schema-walk.js';

const schema = buildSchema(readFileSync('docs/reference/schema.graphql', 'utf8'));
const operations = rootsOf(schema)
  .filter(([kind]) => kind !== 'subscription')
  .flatMap(([kind, type]) => Object.values(type.getFields()).map((field) => ({ kind, field })));
const numRuns = Number(process.env['FUZZ_RUNS'] ?? 7_000);
const seed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 2 ** 31);

let api: Api;
let token: string;
/** Ids that exist, so that inputs reach the decisions and not only the checks in front of them. */
const known = {
  registrations: [] as string[],
  dossiers: [] as string[],
  cases: [] as string[],
  phones: ['13800000001', '13800000002', '13800000003', '+86 138 0000 0001'],
};
const parties = ['amy', 'ben', 'nobody'];

/** Thousands of refusals of one party are what this suite is for: its budget is another suite's. */
const has = Budgets.prototype.has;
beforeAll(async () => {
  Budgets.prototype.has = () => true;
  api = await Api.open();
  await api.enrol('fuzzer', { roles: knownRoles.filter((role) => role !== 'party') });
  for (const party of parties.slice(0, 2)) await api.enrol(party);
  token = await api.token('fuzzer');
  for (const [party, phone, name] of [
    ['amy', '13800000001', 'walkIn'],
    ['ben', '13800000001', 'walkIn'],
    ['fuzzer', '13800000002', 'walkIn'],
    ['fuzzer', '13800000003', 'reviewed'],
  ] as const) {
    const filed = await api.one<Record<string, string>>(
      party,
      'mutation R($input: RegisterInput!) { register(input: $input) { ... on RegisterDone { registrationId dossierId caseId } } }',
      { input: { commandId: api.commandId(), programId: program, class: name, form: { name: '王芳', phone } } },
    );
    known.registrations.push(filed['registrationId']!);
    known.dossiers.push(filed['dossierId']!);
    if (filed['caseId'] !== null) known.cases.push(filed['caseId']!);
  }
});
afterAll(() => {
  Budgets.prototype.has = has;
});
afterAll(() => api.close());

const mostly = <T>(good: fc.Arbitrary<T>, bad: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 9, arbitrary: good as fc.Arbitrary<unknown> }, { weight: 1, arbitrary: bad });
const texts = fc.oneof(
  fc.constantFrom(...Object.values(hostileTexts)),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(...hostileShapes),
  fc.constantFrom(...hostileNumbers),
);
const any = fc.oneof(fc.constant(null), texts, fc.constantFrom(...hostileTimes), fc.jsonValue({ maxDepth: 3 }));

const fitting: readonly (readonly [RegExp, () => fc.Arbitrary<unknown>])[] = [
  [/^commandId$/, () => fc.uuid()],
  [/^programId$/, () => fc.constant(program)],
  [/registrationId|^winner$/, () => fc.constantFrom(...known.registrations)],
  [/^caseId$/, () => fc.constantFrom(...known.cases)],
  [/dossierId|^subject$/, () => fc.constantFrom(...known.dossiers, 'party:amy')],
  [/partyId|holder|^to$|closedBy|assistants|agreedBy|memberOf|onBehalfOf/, () => fc.constantFrom(...parties)],
  [/^class$/, () => fc.constantFrom('walkIn', 'reviewed', 'permitted', 'appointment')],
  [/^channel$/, () => fc.constantFrom('system', 'desk')],
  [/^cause$/, () => fc.constantFrom('falseInformation', 'signedElsewhere')],
  [/^offence$/, () => fc.constantFrom('quarrel', 'leak')],
  [/^sha256$/, () => fc.constant('0'.repeat(64))],
  [/^id$/, () => fc.constantFrom(...known.registrations, ...known.cases, ...parties, program)],
  [
    /^text$/,
    () =>
      fc
        .constant(readFileSync('libs/features/dossier/testing/rehearsal.policy.yaml', 'utf8'))
        .chain((text) => fc.nat(9_999).map((version) => text.replace('version: "1"', `version: "${version}"`))),
  ],
];
const text = (name: string): fc.Arbitrary<unknown> =>
  fitting.find(([pattern]) => pattern.test(name))?.[1]() ?? fc.constantFrom('理由', '王芳', 'a1');

const numbersOf = (name: string): fc.Arbitrary<unknown> =>
  name === 'year' ? fc.integer({ min: 2020, max: 2030 }) : fc.integer({ min: 1, max: 20 });
const instants = fc.date({ min: new Date('2026-01-01'), max: new Date('2026-12-31'), noInvalidDate: true });

const scalar = (type: string, name: string): fc.Arbitrary<unknown> => {
  switch (type) {
    case 'ID':
    case 'String':
    case 'Identifier':
      return mostly(text(name), texts);
    case 'Int':
      return mostly(numbersOf(name), fc.oneof(fc.constantFrom(...hostileNumbers), any));
    case 'Boolean':
      return mostly(fc.boolean(), any);
    case 'Fen':
      return mostly(
        fc.bigInt({ min: 1n, max: 10n ** 12n }).map(String),
        fc.oneof(fc.constantFrom(...hostileMoney), any),
      );
    case 'Instant':
      return mostly(
        instants.map((date) => date.toISOString()),
        fc.oneof(fc.constantFrom(...hostileTimes), any),
      );
    case 'CalendarDate':
      return mostly(
        instants.map((date) => date.toISOString().slice(0, 10)),
        fc.oneof(fc.constantFrom(...hostileTimes), any),
      );
    case 'PositionToken':
      return mostly(fc.constant(undefined), texts);
    case 'FormValues':
      return forms;
    default:
      throw new Error(`There is no hostile value for the scalar ${type} yet: add one here`);
  }
};

const forms: fc.Arbitrary<unknown> = fc
  .tuple(
    fc.record(
      {
        name: mostly(fc.constantFrom('王芳', '李雷'), any),
        phone: mostly(fc.constantFrom(...known.phones), any),
        account: mostly(fc.constant(undefined), any),
        budget: mostly(fc.constant(undefined), any),
      },
      { requiredKeys: ['name', 'phone'] },
    ),
    fc.oneof(
      { weight: 9, arbitrary: fc.constant({}) },
      {
        weight: 1,
        arbitrary: fc.dictionary(fc.constantFrom(...hostileKeys), any, { maxKeys: 3, noNullPrototype: false }),
      },
    ),
  )
  .map(([form, more]) => ({ ...form, ...more }));

const valueOf = (type: GraphQLInputType, name: string): fc.Arbitrary<unknown> => {
  if (isNonNullType(type)) return valueOf(type.ofType, name);
  if (isListType(type))
    return mostly(
      fc.array(valueOf(type.ofType, name), { maxLength: 3 }),
      fc.oneof(any, fc.constant(Array.from({ length: 2_000 }, () => 'a'))),
    );
  return namedOf(getNamedType(type), name);
};

const namedOf = (type: GraphQLNamedInputType, name: string): fc.Arbitrary<unknown> => {
  if (isEnumType(type)) return mostly(fc.constantFrom(...type.getValues().map((value) => value.name)), any);
  if (isScalarType(type)) return scalar(type.name, name);
  if (!isInputObjectType(type)) throw new Error(`${String(type)} is no input`);
  const fields = Object.values(type.getFields());
  const whole = fc.record(Object.fromEntries(fields.map((field) => [field.name, valueOf(field.type, field.name)])), {
    requiredKeys: fields.filter((field) => isNonNullType(field.type)).map((field) => field.name),
  });
  return fc.oneof(
    { weight: 19, arbitrary: whole },
    {
      weight: 1,
      arbitrary: fc
        .tuple(whole, fc.constantFrom(...hostileKeys), any)
        .map(([given, key, value]) => withKey(given, key, value)),
    },
    { weight: 1, arbitrary: any },
  );
};
/** An own property even when it is called `__proto__`. */
const withKey = (given: object, key: string, value: unknown): object =>
  Object.defineProperty({ ...given }, key, { value, enumerable: true, configurable: true, writable: true });

const variablesOf = (field: GraphQLField<unknown, unknown>): fc.Arbitrary<object> =>
  fc.record(
    Object.fromEntries(
      field.args.map((argument) => [
        argument.name,
        argument.name === 'first'
          ? mostly(fc.constantFrom(1, 2), fc.constantFrom(...hostileNumbers, 101, 'x'))
          : valueOf(argument.type, argument.name),
      ]),
    ),
    { requiredKeys: field.args.filter(({ type }) => isNonNullType(type)).map(({ name }) => name) },
  );

interface Body {
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly extensions: {
      readonly code: string;
      readonly message: { readonly zh: string; readonly en: string };
      readonly fields?: readonly {
        readonly path: string;
        readonly message: { readonly zh: string; readonly en: string };
      }[];
    };
  }[];
}
interface Reason {
  readonly code: string;
  readonly message: { readonly zh: string; readonly en: string };
}

/**
 * `worked`: what it cost this thread, so that neither a busy machine nor the collector's own threads are held against
 * an input; `waited`: what its sender saw. Both in milliseconds.
 */
const send = async (
  query: string,
  variables: unknown,
): Promise<{ readonly status: number; readonly text: string; readonly worked: number; readonly waited: number }> => {
  const startedAt = performance.now();
  const before = process.threadCpuUsage();
  const { statusCode, payload } = await api.edge.app.inject({
    method: 'POST',
    url: '/graphql',
    payload: `{"query":${JSON.stringify(query)},"variables":${hostileJson(variables)}}`,
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
  });
  const { user, system } = process.threadCpuUsage(before);
  return { status: statusCode, text: payload, worked: (user + system) / 1_000, waited: performance.now() - startedAt };
};

const bothLanguages = ({ zh, en }: { readonly zh: string; readonly en: string }): boolean =>
  zh.length > 0 && en.length > 0;
const needsPath: ReadonlySet<string> = new Set(['BAD_INPUT', 'BAD_USER_INPUT']);

/** What is wrong with an answer, or `undefined`. */
const complaint = ({ status, text: answer, worked, waited }: Awaited<ReturnType<typeof send>>): string | undefined => {
  if (status >= 500) return `status ${status}: ${answer}`;
  if (worked > 1_000 || waited > 10_000)
    return `${Math.round(worked)} ms of work, ${Math.round(waited)} ms in all: ${answer.slice(0, 200)}`;
  let body: Body;
  try {
    body = JSON.parse(answer) as Body;
  } catch {
    return `no JSON: ${answer.slice(0, 200)}`;
  }
  for (const { extensions } of body.errors ?? []) {
    if (!Object.hasOwn(errorTexts, extensions.code) || extensions.code === 'INTERNAL')
      return `code ${extensions.code}: ${answer.slice(0, 500)}`;
    if (!bothLanguages(extensions.message)) return `one language: ${answer.slice(0, 500)}`;
    if (
      needsPath.has(extensions.code) &&
      !(extensions.fields ?? []).some(({ path, message }) => path !== '' && bothLanguages(message))
    )
      return `no path of a field: ${answer.slice(0, 500)}`;
  }
  const refused = Object.values(body.data ?? {}).filter(
    (one) => (one as { readonly __typename?: string } | null)?.__typename === 'Refused',
  ) as { readonly reasons: readonly Reason[] }[];
  const wordless = refused
    .flatMap(({ reasons }) => reasons)
    .find(
      ({ code, message }) =>
        !/^[A-Z][A-Z_]*$/.test(code) || !bothLanguages(message) || message.en === `Refused (${code}).`,
    );
  if (refused.some(({ reasons }) => reasons.length === 0) || wordless !== undefined)
    return `a refusal without words: ${answer.slice(0, 500)}`;
  return undefined;
};

const outcomes = new Map<string, number>();
const count = (answer: string): void => {
  const { data, errors } = JSON.parse(answer) as Body;
  const kind =
    errors?.[0]?.extensions.code ??
    Object.values(data ?? {})
      .map((one) => (one as { readonly __typename?: string } | null)?.__typename ?? 'null')
      .join();
  const name = /Done$|Connection$/.test(kind) ? kind.replace(/^.*(Done|Connection)$/, '…$1') : kind;
  outcomes.set(name, (outcomes.get(name) ?? 0) + 1);
};

it(`I1 no input crashes, hangs or is swallowed: ${numRuns} inputs made from the schema; seed ${seed}`, async () => {
  process.stdout.write(`fuzz seed ${seed}: FUZZ_SEED=${seed} FUZZ_RUNS=${numRuns} repeats it\n`);
  const asked = fc
    .constantFrom(...operations)
    .chain(({ kind, field }) =>
      variablesOf(field).map((variables) => ({ query: documentFor(kind, field), variables })),
    );
  await fc.assert(
    fc.asyncProperty(asked, async ({ query, variables }) => {
      const answer = await send(query, variables);
      const wrong = complaint(answer);
      if (wrong !== undefined)
        throw new Error(`${query.slice(0, 120)} with ${hostileJson(variables).slice(0, 600)}: ${wrong}`);
      count(answer.text);
    }),
    { numRuns, seed, endOnFailure: true },
  );
  process.stdout.write(
    `fuzz outcomes: ${[...outcomes]
      .toSorted(([, one], [, other]) => other - one)
      .map(([kind, times]) => `${kind} ${times}`)
      .join(', ')}\n`,
  );
  expect(api.edge.lines.filter((line) => line.includes('answered as internal'))).toEqual([]);
  // Not only the checks in front were reached.
  expect(outcomes.get('Refused') ?? 0).toBeGreaterThan(numRuns / 100);
  expect(outcomes.get('…Done') ?? 0).toBeGreaterThan(numRuns / 100);
  expect(JSON.parse((await send('{ me { party } }', {})).text)).toEqual({ data: { me: { party: 'fuzzer' } } });
}, 600_000);

describe('I2 each hostile value has one named answer', () => {
  const registering =
    'mutation R($input: RegisterInput!) { register(input: $input) { __typename ... on Refused { reasons { code field message { zh en } } } } }';
  const releasing =
    'mutation R($input: ReleaseInput!) { release(input: $input) { __typename ... on Refused { reasons { code field message { zh en } } } } }';
  let commands = 0;
  const register = (more: object) =>
    send(registering, {
      input: {
        commandId: `hostile-${(commands += 1)}`,
        programId: program,
        class: 'walkIn',
        form: { name: '王芳', phone: '13911112222' },
        ...more,
      },
    });
  const release = (more: object) =>
    send(releasing, {
      input: {
        commandId: `hostile-${(commands += 1)}`,
        programId: program,
        registrationId: `${'0'.repeat(32)}.1`,
        ...more,
      },
    });
  const named = async (answer: ReturnType<typeof send>): Promise<string> => {
    const got = await answer;
    expect(complaint(got)).toBeUndefined();
    const { data, errors } = JSON.parse(got.text) as Body;
    const [error] = errors ?? [];
    if (error !== undefined) return `${error.extensions.code} ${error.extensions.fields?.[0]?.path ?? ''}`.trim();
    const [one] = Object.values(data ?? {}) as {
      readonly __typename: string;
      readonly reasons?: readonly (Reason & { readonly field: string | null })[];
    }[];
    return one!.reasons === undefined
      ? one!.__typename
      : one!.reasons.map(({ code, field }) => `${code} ${field ?? ''}`.trim()).join(', ');
  };

  const unshowable = [
    'nul',
    'loneSurrogate',
    'loneLow',
    'rightToLeft',
    'isolate',
    'zeroWidth',
    'byteOrderMark',
    'softHyphen',
    'tag',
    'bell',
    'escape',
    'carriageReturn',
    'lineSeparator',
    'replacement',
    'nonCharacter',
    'hangulFiller',
    'combining',
    'zalgo',
    'long',
  ];
  it.each(unshowable)('a form is refused for text that would be shown or stored as another: %s', async (atom) => {
    expect(await named(register({ form: { name: hostileTexts[atom], phone: '13911112222' } }))).toBe(
      // A line break may stand in a note; that it may not in a name is for the policy to say.
      atom === 'carriageReturn' ? 'FIELD_INVALID form.name' : 'BAD_USER_INPUT input.form.name',
    );
  });
  it.each([...unshowable, 'empty', 'blank'])('so are words: %s', async (atom) => {
    expect(await named(release({ grounds: hostileTexts[atom] }))).toBe('BAD_INPUT grounds');
  });
  it.each(['sheet', 'sql', 'mongo', 'markup', 'template', 'path', 'traditional', 'privateUse'])(
    'words that are only words are taken as they are: %s',
    async (atom) => {
      expect(await named(release({ grounds: hostileTexts[atom] }))).toBe('OPERATION_NOT_PERMITTED');
    },
  );
  it.each(Object.keys(hostileTexts).filter((atom) => !/^[A-Za-z0-9._:-]{1,64}$/.test(hostileTexts[atom]!)))(
    'no command id: %s',
    async (atom) => {
      expect(await named(register({ commandId: hostileTexts[atom] }))).toMatch(
        atom === 'huge' ? /^BAD_INPUT commandId$|^BAD_REQUEST/ : /^BAD_INPUT commandId$/,
      );
    },
  );
  it.each(hostileTimes.filter((time) => !['1970-01-01T00:00:00Z', '9999-12-31T23:59:59.999Z'].includes(time)))(
    'no instant: %s',
    async (time) => {
      expect(await named(register({ occurredAt: time }))).toBe('BAD_USER_INPUT input.occurredAt');
    },
  );
  it('an instant that exists and cannot be meant is judged by the rules', async () => {
    expect(await named(register({ occurredAt: '9999-12-31T23:59:59.999Z' }))).toBe('OCCURRED_IN_FUTURE occurredAt');
  });
  it.each(
    hostileShapes
      .filter(
        (shape) =>
          shape !== null && !(typeof shape === 'object' && Object.keys(shape).length === 0 && !Array.isArray(shape)),
      )
      .map((shape) => [JSON.stringify(shape), shape]),
  )('no form: %s', async (_, shape) => {
    expect(await named(register({ form: shape }))).toMatch(/^BAD_USER_INPUT input\.form(?:\.[\w.-]{1,64})?$/);
  });
  it.each(hostileKeys.map((key) => [key]))('no field of a form: "%s"', async (key) => {
    const form = withKey({ name: '王芳', phone: '13911112222' }, key, 'x');
    expect(await named(register({ form }))).toMatch(
      key === '__proto__'
        ? /^BAD_REQUEST/
        : key === 'a.b'
          ? /^FIELD_UNKNOWN form\./
          : /^BAD_USER_INPUT input\.form\.3$/,
    );
  });
  it.each(hostileNumbers.map((number) => [hostileJson(number), number]))(
    'no whole number of customers: %s',
    async (sent, number) => {
      const finding =
        'mutation F($input: FindOffenceInput!) { findOffence(input: $input) { __typename ... on Refused { reasons { code field message { zh en } } } } }';
      const answer = await named(
        send(finding, {
          input: {
            commandId: `hostile-${(commands += 1)}`,
            programId: program,
            partyId: 'nobody',
            offence: 'leak',
            finding: '泄露',
            customers: number,
          },
        }),
      );
      // 1E2 is a hundred, written in an odd way.
      expect(answer).toMatch(sent === '1E2' ? /^(?!BAD)/ : /^BAD_USER_INPUT input\.customers$|^BAD_INPUT customers$/);
    },
  );
});
