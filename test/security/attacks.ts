/** Documents that cost a client a few bytes and a careless server much. Each must be refused, over every transport. */
export interface Attack {
  readonly name: string;
  /** Of a `query` operation; the same body is sent as a subscription over WebSocket. */
  readonly body: string;
  readonly fragments?: string;
  readonly head?: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  /** True: about the root type Query, so over WebSocket it is sent as a query. */
  readonly queryOnly?: boolean;
}

const repeat = (count: number, make: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => make(index)).join(' ');
const deep = (levels: number): string =>
  `${'row { next { '.slice(0, 6)}${'next { '.repeat(levels)}id${' }'.repeat(levels)} }`;
const page = (first: string, inside: string): string => `children(first: ${first}) { edges { node { ${inside} } } }`;

export const resourceAttacks: readonly Attack[] = [
  { name: 'depth 20', body: deep(20) },
  { name: 'depth 150', body: deep(150) },
  {
    name: 'depth through fragments',
    body: 'row { ...F0 }',
    fragments: `${repeat(19, (index) => `fragment F${index} on Row { next { ...F${index + 1} } }`)} fragment F19 on Row { id }`,
  },
  {
    name: 'depth through inline fragments',
    body: `row { ${'... on Row { next { '.repeat(15)}id${' } }'.repeat(15)} }`,
  },
  { name: 'fragment that spreads itself', body: 'row { ...F }', fragments: 'fragment F on Row { next { ...F } }' },
  {
    name: 'two fragments that spread each other',
    body: 'row { ...F }',
    fragments: 'fragment F on Row { next { ...G } } fragment G on Row { next { ...F } }',
  },
  {
    name: 'fragment fan-out',
    body: 'row { ...F0 }',
    fragments: `${repeat(12, (index) => `fragment F${index} on Row { ${repeat(8, () => `...F${index + 1}`)} }`)} fragment F12 on Row { id }`,
  },
  { name: '200 aliases', body: `row { ${repeat(200, (index) => `a${index}: id`)} }` },
  {
    name: 'aliases inside one fragment, spread often',
    body: 'row { ...F next { ...F } }',
    fragments: `fragment F on Row { ${repeat(16, (index) => `a${index}: id`)} }`,
  },
  { name: 'aliased root fields', body: repeat(100, (index) => `a${index}: row { id }`) },
  { name: '100 directives on one field', body: `row { id ${repeat(100, () => '@include(if: true)')} }` },
  { name: 'directives on many fields', body: `row { ${repeat(60, () => 'id @include(if: true)')} }` },
  { name: 'unknown directives', body: `row { id ${repeat(300, () => '@a')} }` },
  { name: '2,000 tokens', body: `row { ${repeat(2_000, () => 'id')} }` },
  {
    name: '400 kB of tokens are too many bytes, 60 kB of them too many tokens',
    body: `row { ${repeat(20_000, () => 'id')} }`,
  },
  { name: 'a comment does not hide tokens', body: `row { ${repeat(1_500, () => 'id #c\n')} }` },
  { name: 'overlapping fields', body: `row { ${repeat(1_000, () => 'id')} }` },
  { name: 'overlapping nested fields', body: repeat(250, () => 'row { id }') },
  { name: 'list bomb: 100 × 100', body: `row { ${page('100', page('100', 'id'))} }` },
  { name: 'list bomb: 100 × 100 × 100', body: `row { ${page('100', page('100', page('100', 'id')))} }` },
  {
    name: 'list bomb in a variable',
    head: '($n: Int!)',
    variables: { n: 100 },
    body: `row { ${page('$n', page('$n', 'id'))} }`,
  },
  {
    name: "list bomb in a variable's default",
    head: '($n: Int = 100)',
    body: `row { ${page('$n', page('$n', 'id'))} }`,
  },
  {
    name: 'list bomb behind a fragment',
    body: 'row { ...P }',
    fragments: `fragment P on Row { ${page('100', '...Q')} } fragment Q on Row { ${page('100', 'id')} }`,
  },
  {
    name: 'list bomb behind aliases',
    body: `row { ${repeat(10, (index) => `a${index}: ${page('100', page('10', 'id'))}`)} }`,
  },
  {
    name: 'a list argument nested 200 deep',
    body: `row { id } rows(first: ${'['.repeat(200)}1${']'.repeat(200)}) { pageInfo { hasNextPage } }`,
  },
  { name: 'selection sets nested until the parser gives up', body: '{ row '.repeat(3_000) },
  { name: '500 variables', head: `(${repeat(500, (index) => `$v${index}: Int`)})`, body: 'row { id }' },
];

/**
 * What black-box scanners try: they look for knowledge, for writes by GET, for forms that a browser sends without
 * asking.
 */
export const reconnaissance: readonly Attack[] = [
  { name: 'introspection of the schema', body: '__schema { types { name } }', queryOnly: true },
  { name: 'introspection of one type', body: '__type(name: "Row") { fields { name } }', queryOnly: true },
  { name: 'introspection behind an alias', body: 'row: __schema { queryType { name } }', queryOnly: true },
  {
    name: 'introspection behind a fragment',
    body: '...F',
    fragments: 'fragment F on Query { __schema { queryType { name } } }',
    queryOnly: true,
  },
  {
    name: 'circular introspection',
    body: '__schema { types { fields { type { fields { type { fields { type { name } } } } } } } }',
    queryOnly: true,
  },
  { name: 'field suggestion', body: 'rowz { id }' },
  { name: 'argument suggestion', body: 'row { children(frist: 1) { pageInfo { hasNextPage } } }' },
  { name: 'type suggestion', body: 'row { ... on Rowe { id } }' },
];

export const documentOf = (
  { head = '', body, fragments = '' }: Attack,
  operation: 'query' | 'subscription' = 'query',
): string => `${operation} Attack${head} { ${body} } ${fragments}`;
