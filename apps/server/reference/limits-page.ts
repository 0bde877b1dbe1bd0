import { bytesMax, cellLengthMax, columnsMax, rowsMax } from '#adapters/sheet-file/refusals.js';
import { batchBytesMax, commitEventsMax } from '#event-sourcing/log/draft-batch.js';
import { refusalBudgets } from '#features/edge/budgets.js';
import { pageSizeDefault, pageSizeMax } from '#graphql/cost.js';
import { errorsMax } from '#graphql/errors.js';
import { documentLimits, edgeLimits, type EdgeLimits } from '#graphql/limits.js';
import { formLimits } from '#graphql/scalars.js';
import { asksByDefault } from '#policy/clauses/visibility.js';
import type { Label } from '#policy/words.js';

type Unit = 'bytes' | 'ms' | 'count';
interface Limited extends Label {
  readonly name: string;
  readonly value: number;
  readonly unit?: Unit;
}
type Sentences<Names extends string> = Readonly<Record<Names, readonly [zh: string, en: string, unit?: Unit]>>;

const document: Sentences<keyof typeof documentLimits> = {
  tokensMax: ['一份查询语句的词法单元', 'tokens of one document'],
  depthMax: ['嵌套层数', 'levels of nesting'],
  aliasesMax: ['别名', 'aliases'],
  directivesMax: ['指令', 'directives'],
  costMax: ['开销：最多可能返回的值的个数', 'cost: how many values may be answered at most'],
  nodesMax: ['展开片段后的节点', 'nodes once fragments are spread'],
};
const form: Sentences<keyof typeof formLimits> = {
  fieldsMax: ['一张表单的字段', 'fields of a form'],
  keyMax: ['字段名的长度', 'characters of a field name'],
  textMax: ['一个字段的字数', 'characters of one field'],
  totalMax: ['整张表单的字数', 'characters of a form in all'],
};
const requests: Sentences<Exclude<keyof EdgeLimits, `socket${string}` | 'subscriptionsPerSocketMax'>> = {
  bodyBytesMax: ['请求体', 'the body of a request', 'bytes'],
  headerBytesMax: ['请求头', 'the headers of a request', 'bytes'],
  requestTimeout: ['整个请求须在此时间内到齐', 'a whole request arrives within', 'ms'],
  connectionTimeout: ['没有动静的连接在此之后关闭', 'a connection on which nothing moves is closed after', 'ms'],
  connectionsCheckingInterval: ['多久检查一次超时的请求', 'requests that ran out of time are looked for every', 'ms'],
  shutdownTimeout: ['停机时等待的时间', 'a stop waits at most', 'ms'],
  readinessTimeout: ['就绪检查的时限', 'a readiness check has', 'ms'],
  requestsWorkingMax: ['同时处理的 GraphQL 请求', 'GraphQL requests worked on at once'],
  requestsWaitingMax: ['排队等候的请求；再多即答 OVERLOADED', 'requests that wait; the next one gets OVERLOADED'],
  requestWaitMax: ['一个请求至多排队', 'a request waits its turn at most', 'ms'],
};
const sockets: Sentences<Extract<keyof EdgeLimits, `socket${string}` | 'subscriptionsPerSocketMax'>> = {
  socketMessageBytesMax: ['一条消息', 'one message', 'bytes'],
  socketInitTimeout: ['须在此时间内说明身份', 'who it is must be said within', 'ms'],
  socketPingInterval: ['多久探测一次', 'it is pinged every', 'ms'],
  socketSweepInterval: ['多久重新核对令牌与资格', 'token and standing are looked at again every', 'ms'],
  socketMessagesPerSweepMax: ['两次核对之间的消息', 'messages between two such looks'],
  socketsMax: ['全部连接', 'sockets in all'],
  socketsUnknownMax: ['尚未说明身份的连接', 'sockets that have not said who they are'],
  socketsUnknownPerAddressMax: ['其中来自同一地址的', 'of these from one address'],
  socketsPerPartyMax: ['一个当事方的连接', 'sockets of one party'],
  subscriptionsPerSocketMax: ['一个连接上的订阅', 'subscriptions of one socket'],
  socketBufferedBytesMax: ['读得慢的客户端积压的数据', 'what waits for a client that reads slowly', 'bytes'],
  socketSendTimeout: ['一条消息等候不读的客户端', 'one message waits for a client that does not read', 'ms'],
};

const limited = <Names extends string>(
  values: Readonly<Record<Names, number>>,
  sentences: Sentences<Names>,
): readonly Limited[] =>
  Object.entries<Sentences<Names>[Names]>(sentences).map(([name, [zh, en, unit]]) => ({
    name,
    zh,
    en,
    value: values[name as Names],
    ...(unit === undefined ? {} : { unit }),
  }));

const pages: readonly Limited[] = [
  {
    name: 'first',
    value: pageSizeMax,
    zh: `一页的行数；不写为 ${pageSizeDefault}`,
    en: `rows of a page; ${pageSizeDefault} where nothing is said`,
  },
  { name: 'errors', value: errorsMax, zh: '一次答复列出的错误', en: 'errors that one answer lists' },
];
const { enrolled, stranger } = refusalBudgets;
const budgets: readonly Limited[] = [
  {
    name: 'asks at once',
    value: asksByDefault.burst,
    zh: '一个当事方连续查询客户可否报备的次数；制度可另定（visibility.availability.asks）',
    en: 'times that one party asks at once whether a customer is free; a policy may say otherwise (`visibility.availability.asks`)',
  },
  { name: 'asks an hour', value: asksByDefault.perHour, zh: '其后每小时', en: 'and an hour from then on' },
  {
    name: 'refusals at once',
    value: enrolled.burst,
    zh: '已登记当事方连续被拒的命令',
    en: 'commands of an enrolled party that are refused at once',
  },
  { name: 'refusals an hour', value: enrolled.perHour, zh: '其后每小时', en: 'and an hour from then on' },
  {
    name: "a stranger's refusals at once",
    value: stranger.burst,
    zh: '未登记者连续被拒的命令',
    en: 'the same of somebody whom nobody enrolled',
  },
  { name: "a stranger's refusals an hour", value: stranger.perHour, zh: '其后每小时', en: 'and an hour from then on' },
];
const sheets: readonly Limited[] = [
  { name: 'file', value: bytesMax, unit: 'bytes', zh: '一个登记表文件', en: 'one sheet' },
  { name: 'rows', value: rowsMax, zh: '行', en: 'rows' },
  { name: 'columns', value: columnsMax, zh: '列', en: 'columns' },
  { name: 'cell', value: cellLengthMax, zh: '一格的字数', en: 'characters of one cell' },
];
const commands: readonly Limited[] = [
  { name: 'events', value: commitEventsMax, zh: '一条命令的事件', en: 'events of one command' },
  { name: 'bytes', value: batchBytesMax, unit: 'bytes', zh: '一条命令的数据', en: 'what one command writes' },
];

/** `docs/reference/limits.md`: every limit that a client can meet, as it stands in the code. */
export const limitsPage = (): string =>
  `${[
    '# Limits (上限)',
    '',
    'Everything has a limit, and what meets one is told which. This page is made from the code: `npm run build && node dist/apps/server/print-reference.js limits > docs/reference/limits.md`. Input fields have limits of their own, which the refusal of a field names (`accepted`).',
    '超过上限的请求会被告知是哪一项。本页由代码生成。',
    ...section(
      'One GraphQL document',
      '一份查询：超过即答 GRAPHQL_PARSE_FAILED、GRAPHQL_VALIDATION_FAILED 或 QUERY_TOO_COSTLY',
      limited(documentLimits, document),
    ),
    ...section('Pages and answers', '分页与答复', pages),
    ...section('A form', '表单（FormValues）', limited(formLimits, form)),
    ...section('HTTP', '请求与连接', limited(edgeLimits, requests)),
    ...section('WebSocket', '订阅连接', limited(edgeLimits, sockets)),
    ...section('Budgets of a party', '额度', budgets),
    ...section('A sheet that is imported', '导入的登记表', sheets),
    ...section('One command', '一条命令', commands),
  ].join('\n')}\n`;

const section = (en: string, zh: string, rows: readonly Limited[]): readonly string[] => [
  '',
  `## ${en} · ${zh}`,
  '',
  '| limit | at most | 中文 | English |',
  '|---|---|---|---|',
  ...rows.map(
    ({ name, value, unit, zh: chinese, en: english }) =>
      `| \`${name}\` | ${written(value, unit)} | ${chinese} | ${english} |`,
  ),
];

const written = (value: number, unit: Unit = 'count'): string => {
  const grouped = (number: number): string => number.toLocaleString('en-US');
  switch (unit) {
    case 'count':
      return grouped(value);
    case 'ms':
      return value < 1_000 ? `${grouped(value)} ms` : `${grouped(value / 1_000)} s`;
    case 'bytes':
      return value % 1_048_576 === 0 ? `${grouped(value / 1_048_576)} MiB` : `${grouped(value / 1_024)} KiB`;
  }
};
