import { createHash, createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  statSync,
  writeSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { aboutFile, makeFolder, syncFolder } from '../folder/folder.js';

/**
 * The key that wraps all keys. Who has the data folder without it has nothing about any person; who loses it has lost
 * every person's data.
 */
export interface MasterKey {
  readonly key: KeyObject;
  readonly path: string;
  /** Made just now: say where it lies, and that it must be kept apart from the data and never be lost. */
  readonly created: boolean;
}

export interface MasterKeyOptions {
  /**
   * Default: `BAOBEI_MASTER_KEY_FILE`, else a file named after the data folder in the user's own configuration folder.
   */
  readonly path?: string;
  readonly dataFolder: string;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** The keys lie elsewhere and are there already: a new master key would open none of them. */
  readonly keysExist?: boolean;
}

/** The master key cannot be used as it lies there; the sentence says what to do. Nothing was made or changed. */
export class MasterKeyFileError extends Error {
  override readonly name = 'MasterKeyFileError';
  constructor(
    readonly reason: 'insideDataFolder' | 'missing' | 'readableByOthers' | 'notAKey',
    readonly path: string,
    zh: string,
    en: string,
    options?: ErrorOptions,
  ) {
    super(`${zh} / ${en}`, options);
  }
}

/**
 * Reads the master key, or makes it when the data folder is still empty. The file holds 32 random bytes as base64 or
 * base64url text,
 * readable by its owner alone.
 */
export const loadMasterKey = ({
  path,
  dataFolder,
  environment = process.env,
  keysExist = false,
}: MasterKeyOptions): MasterKey => {
  makeFolder(dataFolder);
  const folder = realpathSync(dataFolder);
  const file = resolve(path ?? environment['BAOBEI_MASTER_KEY_FILE'] ?? defaultPath(folder, environment));
  refuseInside(file, folder);
  if (existsSync(file)) return { key: aboutFile(file, () => read(file)), path: file, created: false };
  if (readdirSync(folder).some((name) => name.endsWith('.db'))) {
    throw new MasterKeyFileError(
      'missing',
      file,
      `数据目录 ${folder} 已有数据，但主密钥文件 ${file} 不存在。请放回原来的主密钥，或用 BAOBEI_MASTER_KEY_FILE 指出它的位置（数据目录若搬动过，默认文件名也会变）；绝不会另建一把，因为新密钥打不开旧数据。`,
      `The data folder ${folder} holds data, but the master key file ${file} does not exist. Put the original back, or name its place by BAOBEI_MASTER_KEY_FILE (the default name changes when the data folder moves); a new one is never made, because it could not open the old data.`,
    );
  }
  if (keysExist) {
    throw new MasterKeyFileError(
      'missing',
      file,
      `密钥库中已有密钥，但本机没有主密钥文件 ${file}。请把其他服务器所用的那一把放到本机，并用 BAOBEI_MASTER_KEY_FILE 指出；绝不会另建一把。`,
      `The key store has keys already, but the master key file ${file} does not exist here. Bring the one that the other servers use, and name it by BAOBEI_MASTER_KEY_FILE; a new one is never made.`,
    );
  }
  return { key: aboutFile(file, () => create(file)), path: file, created: true };
};

const defaultPath = (folder: string, environment: Readonly<Record<string, string | undefined>>): string => {
  const configured = environment['XDG_CONFIG_HOME'];
  const home =
    configured !== undefined && isAbsolute(configured) ? configured : join(environment['HOME'] ?? homedir(), '.config');
  return join(home, 'baobei', `${createHash('sha256').update(folder).digest('hex').slice(0, 12)}.key`);
};

/**
 * A copy of the data folder must never carry the key that opens it. Looks through links, also where the file is still
 * to be made.
 */
const refuseInside = (file: string, folder: string): void => {
  const way = relative(folder, realPlace(file));
  if (way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way)) return;
  throw new MasterKeyFileError(
    'insideDataFolder',
    file,
    `主密钥文件 ${file} 在数据目录 ${folder} 之内：备份数据目录就会连同密钥一起带走。请放到别处。`,
    `The master key file ${file} lies inside the data folder ${folder}: every copy of the data would carry its key. Put it elsewhere.`,
  );
};

const realPlace = (path: string): string => {
  if (existsSync(path)) return realpathSync(path);
  const above = dirname(path);
  return above === path ? path : join(realPlace(above), relative(above, path));
};

const read = (file: string): KeyObject => {
  refuseReadableByOthers(file);
  const text = readFileSync(file, 'utf8').trim();
  const bytes = Buffer.from(text, 'base64');
  if (!/^[A-Za-z0-9+/_-]{43}=?$/.test(text) || bytes.length !== 32) {
    throw new MasterKeyFileError(
      'notAKey',
      file,
      `主密钥文件 ${file} 的内容不是 32 字节的 base64 文本。`,
      `The master key file ${file} does not hold 32 bytes as base64 text.`,
    );
  }
  return createSecretKey(bytes);
};

/**
 * Others may never read it. Its group may only where the file is root's and we are not: a mounted secret reaches us in
 * no other way.
 */
const refuseReadableByOthers = (file: string): void => {
  if (process.platform === 'win32') return; // Modes say nothing there.
  const { mode, uid } = statSync(file);
  const mounted = uid === 0 && process.getuid?.() !== 0;
  if ((mode & (mounted ? 0o007 : 0o077)) === 0) return;
  throw new MasterKeyFileError(
    'readableByOthers',
    file,
    `主密钥文件 ${file} 的权限为 ${(mode & 0o777).toString(8)}，其他人可以读取；请执行 chmod 600。`,
    `The master key file ${file} has mode ${(mode & 0o777).toString(8)}: others can read it. Run chmod 600 on it.`,
  );
};

/** Made exclusively and durable before anything is sealed under it. */
const create = (file: string): KeyObject => {
  const folder = dirname(file);
  makeFolder(folder);
  const bytes = randomBytes(32);
  const handle = openSync(file, 'wx', 0o600);
  try {
    writeSync(handle, `${bytes.toString('base64url')}\n`);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  syncFolder(folder);
  return createSecretKey(bytes);
};
