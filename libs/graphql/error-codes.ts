/** Both languages; what a person reads never exists in one alone. */
export interface Bilingual {
  readonly zh: string;
  readonly en: string;
}

/**
 * Every code that an `errors` entry may carry, and what it tells a person. An error without one of them is answered as
 * INTERNAL.
 */
export const errorTexts = {
  BAD_INPUT: { zh: '输入有误，请按提示修改后重试。', en: 'Some of the input is not accepted; see the fields named.' },
  BAD_REQUEST: { zh: '请求格式有误。', en: 'The request is malformed.' },
  BAD_USER_INPUT: { zh: '参数类型或取值有误。', en: 'A variable or argument has the wrong type or value.' },
  CALENDAR_UNPUBLISHED: {
    zh: '所需年份的工作日历尚未公布，请先公布后用同一命令编号重试。',
    en: 'The working days of a year that is needed have not been published; publish them and send the same command id again.',
  },
  CLOCK_HELD: {
    zh: '服务器时钟异常，暂停记录，等待运维确认；稍后请用同一命令编号重试。',
    en: 'The clock of the server cannot be believed, so nothing is recorded until an operator has looked; send the same command id again later.',
  },
  COMMAND_ID_TAKEN: {
    zh: '此命令编号已用于另一条命令或另一内容；请换一个新的编号。',
    en: 'This command id belongs to another command, or to one with other input; choose a new one.',
  },
  CONTENTION: {
    zh: '同时有其他操作抢先，请用同一命令编号重试。',
    en: 'Other commands were faster; send the same command id again.',
  },
  CURSOR_UNKNOWN: {
    zh: '分页游标不属于此查询，请从第一页重新开始。',
    en: 'The cursor is not one of this query; begin again with the first page.',
  },
  FORBIDDEN: { zh: '当前身份无权进行此操作。', en: 'You may not do this.' },
  GRAPHQL_PARSE_FAILED: { zh: '查询语句无法解析。', en: 'The query cannot be parsed.' },
  GRAPHQL_VALIDATION_FAILED: {
    zh: '查询语句不符合接口定义或超出限制。',
    en: 'The query does not fit the schema or exceeds a limit.',
  },
  INTERNAL: {
    zh: '系统内部错误，请向管理员提供错误编号。',
    en: 'Something went wrong inside; give the error id to whoever runs this system.',
  },
  NOT_FOUND: { zh: '没有找到，或当前身份看不到。', en: 'There is no such thing, or you may not see it.' },
  ONLY_SUBSCRIPTIONS: {
    zh: 'WebSocket 只接受订阅；查询和变更请用 HTTP。',
    en: 'The WebSocket takes subscriptions only; send queries and mutations over HTTP.',
  },
  OPERATION_RESOLUTION_FAILURE: {
    zh: '请求中没有可执行的操作。',
    en: 'The request names no operation that can be run.',
  },
  OVERLOADED: { zh: '系统繁忙，请稍后重试。', en: 'The system is busy; try again shortly.' },
  PERSISTED_QUERY_NOT_SUPPORTED: {
    zh: '不支持持久化查询，请发送完整查询语句。',
    en: 'Persisted queries are not kept; send the whole document.',
  },
  POSITION_NOT_REACHED: {
    zh: '所等待的位置尚未就绪，请稍后重试。',
    en: 'The position you wait for has not been reached yet; try again.',
  },
  POSITION_UNKNOWN: { zh: '位置标记不属于本系统。', en: 'The position token is not one of this system.' },
  PURPOSE_REQUIRED: {
    zh: '查阅他人记录须说明用途（purpose），并将留痕。',
    en: 'Say for which `purpose` you read what is not your own; it is recorded.',
  },
  QUERY_TOO_COSTLY: {
    zh: '查询开销过大，请减少 first 或字段。',
    en: 'The query costs too much; ask for fewer rows or fields.',
  },
  ONLY_OVER_WEBSOCKET: { zh: '订阅只能通过 WebSocket 进行。', en: 'Subscriptions go over the WebSocket.' },
  STORAGE_FULL: {
    zh: '存储空间不足，未写入任何内容；腾出空间后可重试。',
    en: 'Storage is full and nothing was written; try again when there is space.',
  },
  TOO_MANY_REFUSALS: {
    zh: '近期被拒的请求过多，暂停受理；请核对后稍后再试。',
    en: 'Too many of your commands were refused lately; look at what was answered and try again later.',
  },
  TOO_MANY_SUBSCRIPTIONS: {
    zh: '此连接的订阅数已达上限。',
    en: 'This connection holds as many subscriptions as it may.',
  },
  UNAUTHENTICATED: { zh: '访问令牌缺失、无效或已过期。', en: 'The access token is missing, invalid or expired.' },
  USER_LOCKED: {
    zh: '此登录账号已被锁定，请联系管理员。',
    en: 'This login is locked; only an administrator can unlock it.',
  },
} as const satisfies Readonly<Record<string, Bilingual>>;

export type ErrorCode = keyof typeof errorTexts;
export const isErrorCode = (code: unknown): code is ErrorCode =>
  typeof code === 'string' && Object.hasOwn(errorTexts, code);
