import { seededRandom } from '#event-sourcing/testing/commits.js';

/** What one client process is to do. Its operations follow from the seed. */
export interface ClientPlan {
  readonly client: number;
  readonly seed: number;
  readonly operations: number;
  /** How many operations it has under way at once. */
  readonly lanes: number;
  readonly customers: number;
  readonly urls: readonly string[];
  /** Party and its token. */
  readonly parties: readonly (readonly [party: string, token: string])[];
  /** Milliseconds after which an operation that nobody answers is given up. */
  readonly patience: number;
}

/** One operation as its client saw it; times in milliseconds of the machine's own clock that never goes back. */
export interface Seen {
  readonly id: string;
  readonly party: string;
  readonly customer: string;
  readonly calledAt: number;
  readonly returnedAt: number;
  readonly attempts: number;
  readonly outcome: 'accepted' | 'refused' | 'given up';
  readonly position?: string;
  readonly registrationId?: string;
  readonly codes?: readonly string[];
  /** Answers that differed between attempts, or a server that did not show what it had accepted: never allowed. */
  readonly lie?: string;
}

interface Answer {
  readonly data?: {
    readonly register?: Readonly<Record<string, unknown>>;
    readonly registration?: { readonly code: string } | null;
  };
  readonly errors?: readonly { readonly extensions?: { readonly code?: string } }[];
}

const registering =
  'mutation ($input: RegisterInput!) { register(input: $input) { __typename ... on Refused { position reasons { code } } ... on RegisterDone { position registrationId } } }';
const reading = 'query ($id: ID!, $at: PositionToken!) { registration(id: $id, atPosition: $at) { code } }';
const now = (): number => Number(process.hrtime.bigint() / 1_000n) / 1_000;

export const phoneOf = (customer: number): string => `138${String(customer).padStart(8, '0')}`;

const post = async (url: string, token: string, body: object, timeout: number): Promise<Answer | undefined> => {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(timeout),
    });
    return (await response.json()) as Answer;
  } catch {
    return undefined;
  }
};

/** Sends every operation until it is answered for certain, to any server, always under its one command id. */
export const runClient = async (plan: ClientPlan, tell: (seen: Seen) => void): Promise<void> => {
  await Promise.all(Array.from({ length: plan.lanes }, (_, lane) => runLane(plan, lane, tell)));
};

const runLane = async (plan: ClientPlan, lane: number, tell: (seen: Seen) => void): Promise<void> => {
  const random = seededRandom(plan.seed * plan.lanes + lane);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  for (let operation = 0; operation < plan.operations / plan.lanes; operation += 1) {
    const [party, token] = pick(plan.parties);
    const customer = phoneOf(Math.floor(random() * plan.customers));
    const id = `client-${plan.client}.${lane}.${operation}`;
    tell(await oneOperation(plan, { id, party, token, customer }, () => pick(plan.urls)));
  }
};

const oneOperation = async (
  plan: ClientPlan,
  {
    id,
    party,
    token,
    customer,
  }: { readonly id: string; readonly party: string; readonly token: string; readonly customer: string },
  anyServer: () => string,
): Promise<Seen> => {
  const input = {
    commandId: id,
    programId: 'rehearsal',
    class: 'walkIn',
    channel: 'system',
    form: { name: '王芳', phone: customer },
  };
  const calledAt = now();
  for (let attempts = 1; ; attempts += 1) {
    const answer = await post(anyServer(), token, { query: registering, variables: { input } }, 6_000);
    const said = answer?.data?.register;
    const returnedAt = now();
    const seen = { id, party, customer, calledAt, returnedAt, attempts };
    if (said?.['__typename'] === 'RegisterDone') {
      const done = {
        ...seen,
        outcome: 'accepted' as const,
        position: String(said['position']),
        registrationId: String(said['registrationId']),
      };
      const lie = await hidden(anyServer(), token, done);
      return lie === undefined ? done : { ...done, lie };
    }
    if (said?.['__typename'] === 'Refused')
      return {
        ...seen,
        outcome: 'refused',
        position: String(said['position']),
        codes: (said['reasons'] as { code: string }[]).map(({ code }) => code),
      };
    const refusedFor = answer?.errors?.[0]?.extensions?.code;
    if (
      refusedFor !== undefined &&
      ['BAD_USER_INPUT', 'UNAUTHENTICATED', 'FORBIDDEN', 'GRAPHQL_VALIDATION_FAILED'].includes(refusedFor)
    )
      return { ...seen, outcome: 'given up', lie: `answered ${refusedFor}` };
    if (returnedAt - calledAt > plan.patience) return { ...seen, outcome: 'given up' };
    await new Promise((resolve) => {
      setTimeout(resolve, 50);
    });
  }
};

/**
 * Any server, asked with the position of the answer, shows what was accepted; it may say that it has not come so far
 * yet.
 */
const hidden = async (
  url: string,
  token: string,
  { registrationId, position }: { readonly registrationId: string; readonly position: string },
): Promise<string | undefined> => {
  const answer = await post(url, token, { query: reading, variables: { id: registrationId, at: position } }, 6_000);
  if (answer?.data?.registration === null && answer.errors === undefined)
    return `${registrationId} was accepted and not shown at its own position`;
  return undefined;
};

if (process.argv[1]?.endsWith('client.js') === true)
  await runClient(JSON.parse(process.argv[2]!) as ClientPlan, (seen) => {
    process.stdout.write(`${JSON.stringify(seen)}\n`);
  });
