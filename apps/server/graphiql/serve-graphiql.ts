import { readFile } from 'node:fs/promises';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { bundleFiles, bundleFolder } from './bundle.js';

/**
 * The page may load its own two files, talk to this server, and nothing else. Styles are inline because the editor
 * positions its lines so.
 */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const page = `<!doctype html>
<html lang="zh-CN">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>报备 Baobei · GraphQL</title><link rel="stylesheet" href="/graphiql/page.css"><style>body{margin:0}#graphiql{height:100dvh}</style></head>
<body><div id="graphiql"></div><script src="/graphiql/page.js"></script></body>
</html>
`;

const types: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
};

/**
 * GraphiQL at /graphiql, from files that the build made: no content delivery network, so it works on a machine without
 * internet.
 */
export const serveGraphiql = async (app: NestFastifyApplication): Promise<void> => {
  const fastify = app.getHttpAdapter().getInstance();
  const folder = bundleFolder();
  fastify.get('/graphiql', (_request, reply) =>
    reply.header('content-security-policy', contentSecurityPolicy).type('text/html; charset=utf-8').send(page),
  );
  for (const name of bundleFiles) {
    const content = await readFile(`${folder}/${name}`).catch(() => undefined);
    // Without a build there is no page: an API is no worse for that, and the answer says what to do.
    fastify.get(`/graphiql/${name}`, (_request, reply) =>
      content === undefined
        ? reply.code(404).type('text/plain; charset=utf-8').send('Run `npm run build` once. / 请先运行 npm run build。')
        : reply.type(types[name.split('.')[1]!]!).send(content),
    );
  }
};
