import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What the build makes of page.jsx; see make-bundle.ts. */
export const bundleFiles = ['page.js', 'page.css'] as const;

/** The folder of package.json, whether this runs from source or from `dist`. */
export const packageFolder = (): string => {
  const here = dirname(fileURLToPath(import.meta.url));
  return here.slice(0, Math.max(here.lastIndexOf('/dist/apps/'), 0)) || here.slice(0, here.lastIndexOf('/apps/server'));
};

export const bundleFolder = (): string => join(packageFolder(), 'dist', 'graphiql');
