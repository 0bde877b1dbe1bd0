// No static import: modules are loaded before the first line runs, and better-sqlite3 ends an older Node without a
// word.
const nodeMin = 24;
if (Number(process.versions.node.split('.')[0]) < nodeMin) {
  process.stderr.write(
    `报备需要 Node.js ${nodeMin} 或更新版本，当前为 ${process.versions.node}。 / Baobei needs Node.js ${nodeMin} or newer; this is ${process.versions.node}.\n`,
  );
  process.exit(2);
}
// Compiled code is kept between starts: most of a start is compiling.
(await import('node:module')).enableCompileCache();
const { start } = await import('./start.js');
await start();

export {};
