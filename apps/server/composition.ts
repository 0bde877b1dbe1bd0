import type { Configuration } from '#nest/configuration.js';
import type { ServerParts } from '#nest/server.js';

/** Everything behind the edge: storage, features, and what closes them. */
export const compose = async (configuration: Configuration): Promise<ServerParts> => ({ configuration });
