/**
 * The last step of the build: `npx baobei` is what was just compiled. Without the link npx would take the folder for a
 * package that has to be installed, and compile it anew beneath whatever runs from it.
 */
import { chmodSync, existsSync, rmSync, symlinkSync } from 'node:fs';

const compiled = 'dist/apps/cli/main.js';
const commands = 'node_modules/.bin';

chmodSync(compiled, 0o755);
// Windows lets few make links; npx installs there.
if (process.platform !== 'win32' && existsSync(commands)) {
  rmSync(`${commands}/baobei`, { force: true });
  symlinkSync(`../../${compiled}`, `${commands}/baobei`);
}
