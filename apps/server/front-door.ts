import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { graphqlPath } from './graphql/graphql-options.js';

/** What one finds under an address of this server. Nothing about versions, settings or data. */
interface Door {
  readonly path: string;
  readonly zh: string;
  readonly en: string;
}
const doors: readonly Door[] = [
  {
    path: graphqlPath,
    zh: 'GraphQL：查询与变更用 POST，订阅用 WebSocket（graphql-transport-ws）；须带访问令牌',
    en: 'GraphQL: queries and mutations by POST, subscriptions over a WebSocket (graphql-transport-ws); needs a token',
  },
  { path: '/health/live', zh: '进程是否在运行', en: 'whether the process runs' },
  { path: '/health/ready', zh: '是否可以受理请求', en: 'whether it takes requests' },
];
const graphiqlDoor: Door = { path: '/graphiql', zh: '在浏览器里试用 GraphQL', en: 'try GraphQL in a browser' };
const documents = {
  zh: '说明见随程序附带的 docs/：接口 docs/reference/schema.graphql，令牌 docs/reference/tokens.md，错误代码 docs/reference/errors.md，上限 docs/reference/limits.md。',
  en: 'Read docs/, which comes with the program: docs/reference/schema.graphql for the API, tokens.md, errors.md and limits.md beside it.',
} as const;

/** Answers `GET /`: JSON for programs, a page of plain HTML for whoever opens the address in a browser. */
export const serveFrontDoor = (app: NestFastifyApplication, { graphiql }: { readonly graphiql: boolean }): void => {
  const here = graphiql ? [...doors, graphiqlDoor] : doors;
  app
    .getHttpAdapter()
    .getInstance()
    .get('/', (request, reply) =>
      request.headers.accept?.includes('text/html') === true
        ? reply.type('text/html; charset=utf-8').send(pageOf(here))
        : reply.type('application/json; charset=utf-8').send({ name: 'Baobei 报备', here, documents }),
    );
};

const pageOf = (here: readonly Door[]): string => `<!doctype html>
<html lang="zh-CN">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>报备 Baobei</title></head>
<body><h1>报备 Baobei</h1>
<ul>
${here.map(({ path, zh, en }) => `<li><a href="${path}">${path}</a>: ${zh} / ${en}</li>`).join('\n')}
</ul>
<p>${documents.zh}</p><p>${documents.en}</p>
</body>
</html>
`;
