#!/usr/bin/env node
// No static import: see apps/server/main.ts.
const nodeMin = 24;
if (Number(process.versions.node.split('.')[0]) < nodeMin) {
  process.stderr.write(
    `报备需要 Node.js ${nodeMin} 或更新版本，当前为 ${process.versions.node}。 / Baobei needs Node.js ${nodeMin} or newer; this is ${process.versions.node}.\n`,
  );
  process.exit(2);
}
// Compiled code is kept between starts: most of a start is compiling.
(await import('node:module')).enableCompileCache();
const { run } = await import('./run.js');
await run(process.argv);

export {};
