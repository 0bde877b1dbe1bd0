import { Module } from '@nestjs/common';
import { Args, Field, InputType, Int, Query, Resolver, ID, ArgsType } from '@nestjs/graphql';
import { GraphQLSchemaHost } from '@nestjs/graphql';
import { IsOptional, MaxLength } from 'class-validator';
import fc from 'fast-check';
import { parse } from 'graphql';
import { AttackedModule, seen } from '#test/security/attacked.module.js';
import { codesOf, Edge, type Answer } from '#test/security/edge.js';
import { costOf, uncostedLists } from './cost.js';
import { parseFormValues } from './scalars.js';
import { unboundedInputs } from './unbounded-inputs.js';

@InputType()
class LooseInput {
  @Field(() => String) text!: string;
  @Field(() => [String]) @MaxLength(5, { each: true }) texts!: string[];
  @Field(() => Int) count!: number;
}
@ArgsType()
class LooseArguments {
  @Field(() => String, { nullable: true }) @IsOptional() note?: string;
}
@Resolver()
class LooseResolver {
  @Query(() => [String]) loose(
    @Args('input') _input: LooseInput,
    @Args('id', { type: () => ID }) _id: string,
    @Args('many', { type: () => [LooseInput] }) _many: LooseInput[],
  ): string[] {
    return [];
  }
  @Query(() => String) loosely(
    @Args() _note: LooseArguments,
    @Args('declared', { type: () => LooseInput }) _declared: object,
  ): string {
    return '';
  }
}
@Module({ providers: [LooseResolver] })
class LooseModule {}

const schemaOf = (edge: Edge) => edge.app.get(GraphQLSchemaHost, { strict: false }).schema;

describe('every input has a limit, every list a length', () => {
  it('what has none is named with its cure', async () => {
    const edge = await Edge.open({ modules: [LooseModule, AttackedModule] });
    try {
      expect([...unboundedInputs(schemaOf(edge))].sort()).toEqual([
        'LooseInput.count: @Max',
        'LooseInput.count: @Min',
        'LooseInput.text: a length limit',
        'LooseInput.texts: @ArrayMaxSize',
        'Query.loose(id): a length limit',
        'Query.loose(many): @ArrayMaxSize',
        'Query.loose(many): @ValidateNested and @Type',
        'Query.loosely(declared): the parameter must be declared as LooseInput',
        'Query.loosely(note): a length limit',
      ]);
      expect(uncostedLists(schemaOf(edge))).toEqual(['Query.loose']);
    } finally {
      await edge.close();
    }
  });
});

describe('an input that is not accepted says where, why and what would be', () => {
  let edge: Edge;
  beforeAll(async () => {
    edge = await Edge.open();
  });
  afterAll(() => edge.close());
  const write = (input: unknown): Promise<Answer> =>
    edge.post({ query: 'mutation W($input: WriteInput!) { write(input: $input) }', variables: { input } });
  const item = (name: string, count = 1) => ({ name, count });

  it('accepts what is within the limits', async () => {
    const answer = await write({
      commandId: 'c-1',
      items: [item('王小明'), item('a b', 10)],
      form: { phone: '13800000001', visits: 2, vip: true },
    });
    expect(answer.json).toEqual({ data: { write: 'dealer-a:c-1:2:3' } });
  });

  it('names each field of each row, in both languages, without repeating what was sent', async () => {
    const before = seen.mutations;
    const answer = await write({ commandId: '../etc', items: [item('ok'), item('13800000001', 11)] });
    expect(codesOf(answer)).toEqual(['BAD_INPUT']);
    expect(answer.json.errors?.[0]?.extensions['fields']).toEqual([
      {
        path: 'commandId',
        message: {
          zh: '须为 1 到 64 个字母、数字或 . _ : @ -，以字母或数字开头。',
          en: '1 to 64 of A-Z a-z 0-9 . _ : @ -, beginning with a letter or digit.',
        },
        accepted: { lengthMax: 64, pattern: '^[A-Za-z0-9][A-Za-z0-9._:@-]*$' },
      },
      {
        path: 'items.1.name',
        message: {
          zh: '须为可见文字，最多 5 个字符；不得含控制符、隐藏字符、方向控制符或残缺字符。',
          en: 'Visible text of at most 5 characters: no control, hidden or direction characters, no broken ones.',
        },
        accepted: { lengthMax: 5 },
      },
      { path: 'items.1.count', message: { zh: '不得大于 10。', en: 'At most 10.' }, accepted: { max: 10 } },
    ]);
    expect(answer.text).not.toContain('13800000001');
    expect(seen.mutations).toBe(before);
  });

  it('a list that is too long is one problem', async () => {
    const answer = await write({ commandId: 'c', items: Array.from({ length: 50 }, () => item('a')) });
    expect(answer.json.errors?.[0]?.extensions['fields']).toEqual([
      { path: 'items', message: { zh: '最多 3 项。', en: 'At most 3 items.' }, accepted: { itemsMax: 3 } },
    ]);
  });

  it.each([
    ['NUL', 'a\u0000b'],
    ['a line break', 'a\nb'],
    ['half a surrogate pair', 'a\ud800'],
    ['a direction override', 'a\u202eb'],
    ['zero width', 'a\u200bb'],
    ['a pile of marks', `a${'\u0301'.repeat(5)}`],
    ['U+FFFD', 'a\ufffd'],
    ['nothing', ''],
    ['spaces', '   '],
    ['six characters', 'abcdef'],
    ['a megabyte', 'x'.repeat(200_000)],
  ])('text with %s is refused', async (_name, name) => {
    expect(codesOf(await write({ commandId: 'c', items: [item(name)] }))).toEqual(['BAD_INPUT']);
  });

  it.each([
    ['more than 64 fields', Object.fromEntries(Array.from({ length: 65 }, (_, index) => [`f${index}`, 1]))],
    ['a list', { a: [1] }],
    ['an object', { a: { $ne: null } }],
    ['null', { a: null }],
    ['a name with a dollar', { $where: '1' }],
    ['a name of Object', { constructor: 1 }],
    ['another', { toString: 'a' }],
    ['a control character', { a: 'a\u0007' }],
    ['2^53', { a: 2 ** 53 }],
    ['a long text', { a: 'x'.repeat(2_001) }],
    ['no object', [1]],
    ['too much in all', Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`f${index}`, 'x'.repeat(1_000)]))],
  ])('a form with %s is refused', async (_name, form) => {
    const answer = await write({ commandId: 'c', items: [], form });
    expect([answer.status, codesOf(answer)]).toEqual([400, ['BAD_USER_INPUT']]);
    expect(answer.text.length).toBeLessThan(2_000);
  });

  it.each([
    ['TAB', { phone: 'a\tb' }, '含有制表符（TAB）', 'it has a TAB'],
    ['a control character', { phone: 'a\u0007' }, '含有控制字符', 'it has control characters'],
    ['a lone carriage return', { phone: 'a\rb' }, '含有控制字符', 'it has control characters'],
    ['an invisible character', { phone: '138\u200b0000' }, '含有不可见字符', 'it has invisible characters'],
    ['a direction mark', { phone: 'a\u202eb' }, '含有方向控制字符', 'it has direction marks'],
    ['U+FFFD', { phone: 'a\ufffd' }, '含有乱码', 'it has unreadable characters'],
    ['null', { phone: null }, '为 null', 'it is null; leave out what there is not'],
    ['a list', { phone: [1] }, '不是文本、数字或布尔值', 'it is no text, number or boolean'],
    ['a long text', { phone: 'x'.repeat(2_001) }, '超过 2000 字', 'it has more than 2000 characters'],
  ])('a form with %s says in which field and why, in both languages', async (_name, phone, zh, en) => {
    const form = { name: '王芳', ...phone };
    const answer = await write({ commandId: 'c', items: [], form });
    expect(answer.json.errors?.[0]?.extensions['fields']).toEqual([
      {
        path: 'input.form.phone',
        message: {
          zh: expect.stringContaining(`“phone”不能受理：${zh}`),
          en: expect.stringContaining(`"phone": ${en}`),
        },
      },
    ]);
    const literal = await edge.post({
      query: `mutation { write(input: { commandId: "c", items: [], form: { name: "王芳", phone: ${JSON.stringify(form.phone)} } }) }`,
    });
    expect(literal.json.errors?.[0]?.extensions['fields']).toMatchObject([
      { path: 'FormValues.phone', message: { zh: expect.stringContaining(zh) } },
    ]);
    expect(literal.text).not.toContain('王芳');
  });
  it('a form takes the line break of Windows as one, and a name that is none is counted', async () => {
    const written = await write({ commandId: 'c', items: [], form: { note: 'a\r\nb' } });
    expect(written.json).toMatchObject({ data: { write: expect.anything() } });
    const unnamed = await write({ commandId: 'c', items: [], form: { note: 'a', 电话: 'b' } });
    expect(unnamed.json.errors?.[0]?.extensions['fields']).toMatchObject([{ path: 'input.form.2' }]);
  });
  it('null where a number has a default is said to be null, and is no error of ours', async () => {
    const answer = await edge.post({
      query: 'query P($first: Int) { rows(first: $first) { pageInfo { hasNextPage } } }',
      variables: { first: null },
    });
    expect(codesOf(answer)).toEqual(['BAD_USER_INPUT']);
    expect(answer.json.errors?.[0]?.extensions['fields']).toEqual([
      {
        path: 'first',
        message: { zh: expect.stringContaining('不得为 null'), en: expect.stringContaining('Must not be null') },
        accepted: { type: 'Int!' },
      },
    ]);
  });

  it('1e400 is no number', async () => {
    const answer = await edge.post(
      '{"query":"mutation W($input: WriteInput!) { write(input: $input) }","variables":{"input":{"commandId":"c","items":[],"form":{"a":1e400}}}}',
    );
    expect(codesOf(answer)).toEqual(['BAD_USER_INPUT']);
    const literal = await edge.post({
      query: 'mutation { write(input: { commandId: "c", items: [], form: { a: 1e400 } }) }',
    });
    expect(literal.status).toBe(400);
    const twice = await edge.post({
      query: 'mutation { write(input: { commandId: "c", items: [], form: { a: 1, a: 2 } }) }',
    });
    expect(twice.status).toBe(400);
  });

  it('a form holds own properties of plain values only, whatever was sent', () => {
    fc.assert(
      fc.property(fc.object({ maxDepth: 3, withNullPrototype: true, withBigInt: true, withDate: true }), (given) => {
        let form: Readonly<Record<string, unknown>>;
        try {
          form = parseFormValues(given);
        } catch {
          return;
        }
        for (const [name, value] of Object.entries(form)) {
          expect(['string', 'number', 'boolean']).toContain(typeof value);
          expect(name).toMatch(/^[A-Za-z]/);
        }
        expect(Object.getPrototypeOf(form)).toBe(Object.prototype);
      }),
      { numRuns: 500 },
    );
  });

  it('a field that is unknown is refused and named', async () => {
    const answer = await edge.post({
      query: 'mutation W($input: WriteInput!) { write(input: $input) }',
      variables: { input: { commandId: 'c', items: [], comandId: 'd' } },
    });
    expect([answer.status, codesOf(answer)]).toEqual([400, ['BAD_USER_INPUT']]);
  });

  it.each([0, -1, 101, 2_000_000_000])('first: %d is refused', async (first) => {
    expect(
      codesOf(
        await edge.post({
          query: 'query P($first: Int!) { rows(first: $first) { pageInfo { hasNextPage } } }',
          variables: { first },
        }),
      ),
    ).toEqual(['BAD_INPUT']);
  });
});

describe('A2 the cost is never below what is returned', () => {
  interface Shape {
    readonly first: number | undefined;
    readonly variable: boolean;
    readonly inside: readonly Shape[];
  }
  const pageOf = (inside: fc.Arbitrary<readonly Shape[]>): fc.Arbitrary<Shape> =>
    fc.record({
      first: fc.option(fc.integer({ min: 1, max: 100 }), { nil: undefined }),
      variable: fc.boolean(),
      inside,
    });
  const leaf = pageOf(fc.constant([]));
  const middle = pageOf(fc.array(leaf, { maxLength: 2 }));
  const shape = pageOf(fc.array(middle, { maxLength: 2 }));
  const variables: Record<string, number> = {};
  const write = ({ first, variable, inside }: Shape, field: string, index: number): string => {
    const name = `n${Object.keys(variables).length}`;
    if (first !== undefined && variable) variables[name] = first;
    const args = first === undefined ? '' : `(first: ${variable ? `$${name}` : first})`;
    return `a${index}: ${field}${args} { edges { node { id ${inside.map((one, at) => write(one, 'children', at)).join(' ')} } } }`;
  };
  const nodesIn = (value: unknown): number => {
    if (Array.isArray(value)) return value.reduce<number>((sum, one) => sum + nodesIn(one), 0);
    if (typeof value !== 'object' || value === null) return 0;
    return ('id' in value ? 1 : 0) + Object.values(value).reduce<number>((sum, one) => sum + nodesIn(one), 0);
  };

  it('for random documents: every row that comes was counted, and what costs too much never runs', async () => {
    const edge = await Edge.open();
    let [answered, refused] = [0, 0];
    try {
      await fc.assert(
        fc.asyncProperty(shape, async (given) => {
          for (const name of Object.keys(variables)) delete variables[name];
          const body = write(given, 'rows', 0);
          const head = Object.keys(variables)
            .map((name) => `$${name}: Int!`)
            .join(', ');
          const query = `query Q${head === '' ? '' : `(${head})`} { ${body} }`;
          const cost = costOf({ schema: schemaOf(edge), document: parse(query), variables });
          const made = seen.rowsMade;
          const answer = await edge.post({ query, variables });
          const ran = answer.status === 200;
          if (ran) answered += 1;
          else refused += 1;
          expect(ran).toBe(cost <= 5_000);
          expect(ran || seen.rowsMade === made).toBe(true);
          expect(nodesIn(answer.json.data)).toBeLessThanOrEqual(cost);
        }),
        { numRuns: 150 },
      );
    } finally {
      await edge.close();
    }
    console.log(`A2: ${answered} random documents answered within their cost, ${refused} refused before they ran`);
    expect(Math.min(answered, refused)).toBeGreaterThan(10);
  });
});
