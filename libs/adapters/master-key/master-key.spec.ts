import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadMasterKey, MasterKeyFileError } from './master-key.js';

describe('the master key', () => {
  let home: string;
  let dataFolder: string;
  let environment: Record<string, string>;
  beforeEach(() => {
    home = realpathSync(mkdtempSync(join(tmpdir(), 'master-key-')));
    dataFolder = join(home, 'data');
    environment = { HOME: home };
  });
  afterEach(() => {
    rmSync(home, { recursive: true, force: true });
  });

  const reasonOf = (load: () => unknown): string | undefined => {
    try {
      load();
    } catch (error) {
      expect(error).toBeInstanceOf(MasterKeyFileError);
      expect((error as Error).message).toMatch(/[一-鿿].* \/ .*[a-z]/);
      return (error as MasterKeyFileError).reason;
    }
    return undefined;
  };

  it('is made for an empty data folder, outside it, for its owner alone', () => {
    const made = loadMasterKey({ dataFolder, environment });
    expect(made.created).toBe(true);
    expect(made.path).toMatch(new RegExp(`^${home}/.config/baobei/[0-9a-f]{12}\\.key$`));
    expect(statSync(made.path).mode & 0o777).toBe(0o600);
    expect(made.key.symmetricKeySize).toBe(32);
    expect(readdirSync(dataFolder)).toEqual([]);
  });

  it('is the same one ever after', () => {
    const made = loadMasterKey({ dataFolder, environment });
    const again = loadMasterKey({ dataFolder, environment });
    expect(again.created).toBe(false);
    expect(again.key.equals(made.key)).toBe(true);
  });

  it('is another one for another data folder, and the same one through a link', () => {
    const made = loadMasterKey({ dataFolder, environment });
    symlinkSync(dataFolder, join(home, 'link'));
    expect(loadMasterKey({ dataFolder: join(home, 'link'), environment }).path).toBe(made.path);
    expect(loadMasterKey({ dataFolder: join(home, 'other'), environment }).path).not.toBe(made.path);
  });

  it('lies where the environment says, and the caller before it', () => {
    const configured = { ...environment, XDG_CONFIG_HOME: join(home, 'xdg') };
    expect(loadMasterKey({ dataFolder, environment: configured }).path.startsWith(join(home, 'xdg', 'baobei'))).toBe(
      true,
    );
    const named = { ...configured, BAOBEI_MASTER_KEY_FILE: join(home, 'named.key') };
    expect(loadMasterKey({ dataFolder, environment: named }).path).toBe(join(home, 'named.key'));
    expect(loadMasterKey({ dataFolder, environment: named, path: join(home, 'given.key') }).path).toBe(
      join(home, 'given.key'),
    );
  });

  it.each(['log.db', 'keys.db'])('is never made anew when the folder holds %s already', (name) => {
    const { path } = loadMasterKey({ dataFolder, environment });
    writeFileSync(join(dataFolder, name), '');
    rmSync(path);
    expect(reasonOf(() => loadMasterKey({ dataFolder, environment }))).toBe('missing');
    expect(existsSync(path)).toBe(false);
  });

  it('is refused inside the data folder, also through a link', () => {
    mkdirSync(dataFolder);
    symlinkSync(dataFolder, join(home, 'link'));
    for (const path of [
      join(dataFolder, 'a.key'),
      join(dataFolder, 'deeper', 'a.key'),
      join(home, 'link', 'a.key'),
      dataFolder,
    ]) {
      expect(reasonOf(() => loadMasterKey({ dataFolder, path, environment }))).toBe('insideDataFolder');
    }
    expect(readdirSync(dataFolder)).toEqual([]);
  });

  it('is taken from a folder whose name only begins with two dots or like the data folder', () => {
    for (const path of [join(home, 'data-keys', 'a.key'), join(home, '..keys', 'a.key')])
      expect(loadMasterKey({ dataFolder, path, environment }).created).toBe(true);
  });

  it.each([0o640, 0o604, 0o644])('is refused while its mode is %o', (mode) => {
    const { path } = loadMasterKey({ dataFolder, environment });
    chmodSync(path, mode);
    expect(reasonOf(() => loadMasterKey({ dataFolder, environment }))).toBe('readableByOthers');
  });

  it.each(['', 'short', `${'A'.repeat(42)}*`, 'A'.repeat(44)])('is refused when the file holds %j', (text) => {
    const path = join(home, 'named.key');
    writeFileSync(path, text, { mode: 0o600 });
    expect(reasonOf(() => loadMasterKey({ dataFolder, path, environment }))).toBe('notAKey');
  });

  it('is taken as an operator would make it: base64 with its padding', () => {
    const path = join(home, 'named.key');
    writeFileSync(path, `${Buffer.alloc(32, 0xfb).toString('base64')}\n`, { mode: 0o600 });
    expect(loadMasterKey({ dataFolder, path, environment }).key.export()).toEqual(Buffer.alloc(32, 0xfb));
  });
});
