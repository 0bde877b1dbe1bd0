import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { GRAPHQL_TRANSPORT_WS_PROTOCOL } from 'graphql-ws';
import type { Configuration } from '#installation/configuration.js';
import { graphqlPath } from '../graphql/graphql-options.js';

/**
 * Only `/graphql` exactly, only `graphql-transport-ws`, only known origins. Programs that are no browser send no
 * origin; their token decides.
 */
export const isWelcome = (request: IncomingMessage, { allowedOrigins, environment }: Configuration): boolean => {
  if (request.method !== 'GET' || request.url !== graphqlPath) return false;
  const protocols = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
  if (!protocols.includes(GRAPHQL_TRANSPORT_WS_PROTOCOL)) return false;
  const { origin, host } = request.headers;
  if (origin === undefined || allowedOrigins.includes(origin)) return true;
  // Outside production the page that this server itself shows. In production its public name is in the list, because
  // `host` is the client's word.
  return environment !== 'production' && (origin === `http://${host ?? ''}` || origin === `https://${host ?? ''}`);
};

/** Node leaves an upgrade that nobody takes open for ever: 500 of them cost an attacker nothing. */
export const turnAway = (socket: Duplex): void => {
  socket.on('error', () => undefined);
  socket.destroy();
};
