/** Every limit of the edge in one place. Sizes in bytes, times in milliseconds. */
export interface EdgeLimits {
  readonly bodyBytesMax: number;
  readonly headerBytesMax: number;
  /** A whole request must have arrived within this time. */
  readonly requestTimeout: number;
  /** A socket on which nothing moves is closed after this time. */
  readonly connectionTimeout: number;
  /** How often Node looks for requests that ran out of time. */
  readonly connectionsCheckingInterval: number;
  readonly shutdownTimeout: number;
  readonly socketMessageBytesMax: number;
  readonly socketInitTimeout: number;
  readonly socketPingInterval: number;
  /** How often the token and the standing behind every open socket are looked at again. */
  readonly socketSweepInterval: number;
  readonly socketMessagesPerSweepMax: number;
  readonly socketsMax: number;
  /** Sockets that have not said who they are yet. */
  readonly socketsUnknownMax: number;
  /** Of these, from one address. The next one from there takes the place of the oldest. */
  readonly socketsUnknownPerAddressMax: number;
  readonly socketsPerPartyMax: number;
  readonly subscriptionsPerSocketMax: number;
  /** What may wait for a client that reads slowly. */
  readonly socketBufferedBytesMax: number;
  /** How long one message may wait for a client that does not read at all. */
  readonly socketSendTimeout: number;
  readonly readinessTimeout: number;
  /** Requests to GraphQL that are worked on at once. */
  readonly requestsWorkingMax: number;
  /** Requests that wait for one of these to end; the next one is turned away at once. */
  readonly requestsWaitingMax: number;
  /** How long one waits before it is turned away. */
  readonly requestWaitMax: number;
}

export const edgeLimits: EdgeLimits = {
  bodyBytesMax: 262_144,
  headerBytesMax: 16_384,
  requestTimeout: 15_000,
  connectionTimeout: 10_000,
  connectionsCheckingInterval: 1_000,
  shutdownTimeout: 10_000,
  socketMessageBytesMax: 65_536,
  socketInitTimeout: 5_000,
  socketPingInterval: 12_000,
  socketSweepInterval: 4_000,
  socketMessagesPerSweepMax: 200,
  socketsMax: 2_000,
  socketsUnknownMax: 200,
  socketsUnknownPerAddressMax: 100,
  socketsPerPartyMax: 5,
  subscriptionsPerSocketMax: 20,
  socketBufferedBytesMax: 1_048_576,
  socketSendTimeout: 30_000,
  readinessTimeout: 2_000,
  requestsWorkingMax: 32,
  requestsWaitingMax: 32,
  requestWaitMax: 300,
};

/** What one GraphQL document may ask for, over HTTP and WebSocket alike. */
export const documentLimits = {
  tokensMax: 1_000,
  depthMax: 12,
  aliasesMax: 15,
  directivesMax: 20,
  /** In rows and fields, see cost.ts. */
  costMax: 5_000,
  nodesMax: 2_000,
} as const;
