import { join } from 'node:path';
import { build } from 'esbuild';
import { bundleFolder, packageFolder } from './bundle.js';

/**
 * Writes page.js and page.css to `dist/graphiql`: part of the build, so that serving the page needs no package of the
 * browser's.
 */
export const makeBundle = async (): Promise<void> => {
  await build({
    entryPoints: { page: join(packageFolder(), 'apps', 'server', 'graphiql', 'page.jsx') },
    outdir: bundleFolder(),
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2022',
    platform: 'browser',
    charset: 'utf8',
    legalComments: 'linked',
    define: { 'process.env.NODE_ENV': '"production"' },
    loader: { '.woff': 'dataurl', '.woff2': 'dataurl', '.ttf': 'dataurl', '.svg': 'dataurl' },
    logLevel: 'error',
  });
};

if (process.argv[1]?.endsWith('make-bundle.js') === true) await makeBundle();
