import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GraphQLSchemaHost } from '@nestjs/graphql';
import { lexicographicSortSchema, printSchema, type GraphQLSchema } from 'graphql';
import { systemClock } from '#adapters/clock-system/clock-system.js';
import { readConfiguration } from '#installation/configuration.js';
import { openLog } from './logging/log.js';
import { createServer } from './server.js';
import { compose } from './composition.js';

const heading = `# 本文件由 \`npm run schema\` 生成，请勿手改。 / Written by \`npm run schema\`; do not edit.
# 金额为 Fen，时刻为 Instant；变更返回 完成 | Refused | Indeterminate。 / Money is Fen, moments are Instant; mutations answer done | Refused | Indeterminate.

`;

/** The schema of the real server with all its features, made in a folder of its own that is gone afterwards. */
export const withSchema = async <Result>(use: (schema: GraphQLSchema) => Result | Promise<Result>): Promise<Result> => {
  const folder = await mkdtemp(join(tmpdir(), 'baobei-schema-'));
  const configuration = readConfiguration({
    NODE_ENV: 'test',
    STORAGE: 'memory',
    DATA_DIR: folder,
    LOG_LEVEL: 'silent',
  });
  const app = await createServer(await compose(configuration, openLog({ level: 'silent', clock: systemClock })));
  try {
    return await use(app.get(GraphQLSchemaHost, { strict: false }).schema);
  } finally {
    await app.close();
    await rm(folder, { recursive: true, force: true });
  }
};

export const schemaText = (): Promise<string> =>
  withSchema((schema) => `${heading}${printSchema(lexicographicSortSchema(schema))}\n`);

if (process.argv[1]?.endsWith('print-schema.js') === true)
  await writeFile('docs/reference/schema.graphql', await schemaText());
