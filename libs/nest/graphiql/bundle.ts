import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What the build makes of page.jsx; see make-bundle.ts. */
export const bundleFiles = ['page.js', 'page.css'] as const;

/** `dist/graphiql` of the package, whether this runs from source or from `dist`. */
export const bundleFolder = (): string => {
  const here = dirname(fileURLToPath(import.meta.url));
  const root = here.split('/dist/libs/')[0]!.split('/libs/nest')[0]!;
  return join(root, 'dist', 'graphiql');
};
