// Runs in the browser; bundled by make-bundle.ts. Needs nothing from anywhere else.
import { createGraphiQLFetcher } from '@graphiql/toolkit';
import { GraphiQL } from 'graphiql';
import { createClient } from 'graphql-ws';
import { createElement } from 'react';
import { createRoot } from 'react-dom/client';
import 'graphiql/style.css';

// `#token=…` spares pasting; a fragment is never sent to a server, and it leaves the address bar at once.
const given = new URLSearchParams(location.hash.slice(1)).get('token');
history.replaceState(null, '', location.pathname);

let authorization = given === null ? undefined : `Bearer ${given}`;
const sockets = createClient({
  url: `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/graphql`,
  lazy: true,
  connectionParams: () => ({ authorization }),
});
const fetcher = createGraphiQLFetcher({ url: '/graphql', wsClient: sockets });

const query = `# 报备 Baobei. Headers below: {"authorization": "Bearer <baobei token>"}
{
  me { party user roles { role program } }
  system { organisation timeZone now }
}
`;

createRoot(document.getElementById('graphiql')).render(createElement(GraphiQL, {
  fetcher: (parameters, options) => {
    const header = Object.entries(options?.headers ?? {}).find(([name]) => name.toLowerCase() === 'authorization');
    if (header !== undefined) authorization = header[1];
    // The schema is asked for before anybody could fill in the headers.
    const headers = authorization === undefined ? options?.headers : { ...options?.headers, authorization };
    return fetcher(parameters, { ...options, headers });
  },
  defaultQuery: query,
  defaultHeaders: JSON.stringify({ authorization: authorization ?? 'Bearer ' }, undefined, 2),
  defaultEditorToolsVisibility: 'headers',
  shouldPersistHeaders: false,
}));
