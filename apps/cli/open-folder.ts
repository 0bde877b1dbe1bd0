import { readConfiguration } from '#installation/configuration.js';
import { holdSentence } from '#installation/clock-guard.js';
import { openEmbedded } from '#installation/embedded.js';
import type { Installation } from '#installation/installation.js';
import { UsageError } from './usage-error.js';

/** The data folder that the settings name, while no server runs on it. Throws what `startRefusal` has a sentence for. */
export const openFolder = (): Promise<Installation> => {
  const { dataFolder, organisation, environment, storage } = readConfiguration(process.env);
  if (storage !== 'embedded')
    throw new UsageError(
      `此命令在 STORAGE=embedded 的数据目录上执行；STORAGE=${storage} 时请用 GraphQL。 / This command works on the data folder of STORAGE=embedded; with STORAGE=${storage} use GraphQL.`,
    );
  const holds = environment === 'production';
  return openEmbedded({
    folder: dataFolder,
    organisation,
    guardedClock: {
      holds,
      onHold: (hold) => {
        if (hold !== undefined) process.stderr.write(`${holdSentence(hold, { holds })}\n`);
      },
    },
    onMasterKey: ({ path }) => {
      process.stderr.write(`已生成主密钥，请另存一份 / a master key was made, keep a copy: ${path}\n`);
    },
  });
};
