import { Registry } from 'prom-client';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, parseAllDocuments, parseDocument } from 'yaml';
import { settings } from '#installation/configuration.js';
import { metricList } from '#server/metrics/metric-list.js';

type Fields = Readonly<Record<string, unknown>>;

const folder = 'deploy';
const text = (name: string): string => readFileSync(join(folder, name), 'utf8');
const fields = (value: unknown): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : {});
const under = (name: string): readonly string[] =>
  readdirSync(join(folder, name), { recursive: true, encoding: 'utf8' }).map((path) => join(name, path));
const everyFile = under('.').filter((path) => !/^(secrets|\.env)/.test(path) && /\.[a-z]+$/.test(path));

/**
 * Settings that other readers of the environment know: the master key, OpenTelemetry, Node, and the name of the pod
 * that stands in SERVER_URL.
 */
const isKnown = (name: string): boolean =>
  Object.hasOwn(settings, name) ||
  ['BAOBEI_MASTER_KEY_FILE', 'NODE_OPTIONS', 'POD_NAME'].includes(name) ||
  name.startsWith('OTEL_');

const compose = (): Fields => fields(parse(text('compose.yaml'), { merge: true }));
const services = (): readonly (readonly [string, Fields])[] =>
  Object.entries(fields(compose()['services'])).map(([name, service]) => [name, fields(service)]);
const failing = (holds: (service: Fields, name: string) => boolean): readonly string[] =>
  services()
    .filter(([name, service]) => !holds(service, name))
    .map(([name]) => name);
const servers = ['baobei-1', 'baobei-2'];

describe('the files of deploy/', () => {
  it('parse', () => {
    const templates = everyFile.filter((path) => path.startsWith('chart/templates/'));
    const plain = everyFile.filter((path) => /\.ya?ml$/.test(path) && !templates.includes(path));
    expect(plain.length).toBeGreaterThanOrEqual(7);
    for (const path of plain)
      expect({
        path,
        errors: parseAllDocuments(text(path), { merge: true }).flatMap(({ errors }) => errors.map(String)),
      }).toEqual({ path, errors: [] });
    for (const path of everyFile.filter((each) => each.endsWith('.json')))
      expect(() => {
        JSON.parse(text(path));
      }).not.toThrow();
  });

  it('pin every image: no tag is called latest, and none is missing', () => {
    const images = [
      ...services().map(([, { image }]) => String(image)),
      ...[...text('Dockerfile').matchAll(/^FROM (\S+)/gm)].map(([, image]) => String(image)),
    ];
    expect(
      images.filter((image) => !/^[\w./-]+:(v?\d+\.\d+[\w.-]*|\$\{BAOBEI_TAG:-\d+\.\d+\.\d+\})$/.test(image)),
    ).toEqual([]);
    expect(everyFile.filter((path) => /:latest\b|tag: latest/.test(text(path)))).toEqual([]);
  });

  it('name the version of package.json; cure: raise it in compose.yaml and Chart.yaml too', () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { readonly version: string };
    expect(fields(parse(text('chart/Chart.yaml')))['appVersion']).toBe(version);
    expect(text('compose.yaml')).toContain(`image: baobei:\${BAOBEI_TAG:-${version}}`);
  });
});

describe('compose.yaml', () => {
  it('gives no container a root to write to, a capability, or a way to a privilege', () => {
    expect(failing(({ read_only }) => read_only === true)).toEqual([]);
    expect(failing(({ cap_drop, cap_add }) => JSON.stringify(cap_drop) === '["ALL"]' && cap_add === undefined)).toEqual(
      [],
    );
    expect(
      failing(
        ({ security_opt, privileged }) =>
          JSON.stringify(security_opt) === '["no-new-privileges:true"]' && privileged === undefined,
      ),
    ).toEqual([]);
    expect(failing(({ user }) => /^[1-9]\d*:\d+$/.test(String(user)))).toEqual([]);
    expect(failing(({ tmpfs }) => JSON.stringify(tmpfs).includes('/tmp:size='))).toEqual([]);
    expect(
      failing(({ network_mode, pid, ipc, devices }) =>
        [network_mode, pid, ipc, devices].every((each) => each === undefined),
      ),
    ).toEqual([]);
  });

  it('asks every container whether it is well, but those that end by themselves', () => {
    const unwatched = failing(({ healthcheck }) => Array.isArray(fields(healthcheck)['test']));
    expect(unwatched).toEqual(['eventstoredb-init', 'mongodb-init']);
    expect(
      services()
        .filter(([name]) => unwatched.includes(name))
        .map(([, { restart }]) => restart),
    ).toEqual(['no', 'no']);
  });

  it('publishes no port of a database, and every other one to this machine alone', () => {
    const published = services().flatMap(([name, { ports }]) =>
      Array.isArray(ports) ? ports.map((port) => [name, String(port)] as const) : [],
    );
    expect(published.map(([name]) => name).toSorted()).toEqual([...servers, 'grafana'].toSorted());
    expect(published.filter(([, port]) => !port.startsWith('127.0.0.1:'))).toEqual([]);
    expect(fields(fields(compose()['networks'])['storage'])['internal']).toBe(true);
    expect(
      failing(
        ({ networks }, name) =>
          servers.includes(name) ||
          ['prometheus', 'grafana'].includes(name) ||
          JSON.stringify(networks) === '["storage"]',
      ),
    ).toEqual([]);
  });

  it('holds no password: each comes from outside, and the start ends when one is missing', () => {
    const document = parseDocument(text('compose.yaml'), { merge: true }).toJS() as unknown;
    const secrets = [...JSON.stringify(document).matchAll(/"([A-Z_]*PASSWORD)":"([^"]*)"/g)];
    expect(secrets.length).toBeGreaterThan(4);
    expect(secrets.filter(([, , value]) => !/^\$\{[A-Z_]+:\?.+\}$/.test(value!)).map(([, name]) => name)).toEqual([]);
    for (const [, { environment }] of services())
      for (const address of Object.values(fields(environment))
        .map(String)
        .filter((value) => /^(esdb|mongodb):/.test(value)))
        expect(address).toMatch(/^\w+:\/\/[\w-]+:\$\{[A-Z_]+:\?.+\}@/);
    expect(
      Object.values(fields(compose()['secrets'])).every((secret) =>
        String(fields(secret)['file']).startsWith('./secrets/'),
      ),
    ).toBe(true);
    // Whatever it asks for is made by the script, or by whoever fills in the issuer.
    const wanted = new Set([...text('compose.yaml').matchAll(/\$\{([A-Z_]+):\?/g)].map(([, name]) => name!));
    expect([...wanted].filter((name) => !text('make-secrets.sh').includes(name))).toEqual([]);
  });

  it('gives each server an address, a folder and a port of its own, and everything else alike', () => {
    const two = services()
      .filter(([name]) => servers.includes(name))
      .map(([name, service]) => ({ name, service, environment: fields(service['environment']) }));
    expect(two.map(({ environment }) => environment['SERVER_URL'])).toEqual(
      servers.map((name) => `http://${name}:4001`),
    );
    expect(two.map(({ service }) => service['volumes'])).toEqual(servers.map((name) => [`${name}:/data`]));
    const alike = two.map(
      ({
        service: { volumes: _volumes, ports: _ports, environment: _environment, ...rest },
        environment: { SERVER_URL: _url, ...others },
      }) => ({ rest, others }),
    );
    expect(alike[0]).toEqual(alike[1]);
  });

  it('names settings that exist', () => {
    const names = services()
      .filter(([name]) => servers.includes(name))
      .flatMap(([, { environment }]) => Object.keys(fields(environment)));
    expect(names.length).toBeGreaterThan(20);
    expect(names.filter((name) => !isKnown(name))).toEqual([]);
  });

  it('refers to files that are there, and to volumes that it declares', () => {
    const mounted = services().flatMap(([, { volumes }]) =>
      Array.isArray(volumes) ? volumes.map((volume) => String(volume).split(':')[0]!) : [],
    );
    const declared = Object.keys(fields(compose()['volumes']));
    const files = mounted.filter((source) => source.startsWith('./'));
    expect(files.filter((source) => !source.startsWith('./secrets/') && !existsSync(join(folder, source)))).toEqual([]);
    expect(declared.toSorted()).toEqual([...new Set(mounted.filter((source) => !source.startsWith('./')))].toSorted());
  });
});

describe('the Dockerfile', () => {
  const lines = (): readonly string[] => text('Dockerfile').split('\n');

  it('ends as a number that is not root, and starts without a shell', () => {
    const users = lines().filter((line) => line.startsWith('USER '));
    expect(users).toEqual(['USER 10001:10001']);
    expect(lines().filter((line) => line.startsWith('ENTRYPOINT'))).toEqual([
      'ENTRYPOINT ["node", "dist/apps/server/main.js"]',
    ]);
    expect(lines().indexOf(users[0]!)).toBeGreaterThan(lines().findLastIndex((line) => line.startsWith('RUN ')));
  });

  it('fetches nothing by ADD, names no secret, and carries no tools of development along', () => {
    expect(lines().filter((line) => line.startsWith('ADD '))).toEqual([]);
    expect(lines().filter((line) => /^(ARG|ENV) .*(PASSWORD|KEY|TOKEN|SECRET)/i.test(line))).toEqual([]);
    expect(text('Dockerfile')).toContain('npm prune --omit=dev');
  });

  it('has a volume and a health check, and runs the Node that the tests run on', () => {
    expect(lines()).toContain('VOLUME /data');
    expect(text('Dockerfile')).toMatch(
      /^HEALTHCHECK [^\n]*\\\n {2}CMD \["node", "-e", "fetch\('http:\/\/127\.0\.0\.1:4000\/health\/ready'/m,
    );
    const {
      devDependencies: { node },
    } = JSON.parse(readFileSync('package.json', 'utf8')) as { readonly devDependencies: { readonly node: string } };
    const minor = node.split('.').slice(0, 2).join('.');
    expect(
      lines()
        .filter((line) => line.startsWith('FROM '))
        .map((line) => line.split(' ')[1]),
    ).toEqual([`node:${minor}-slim`, `node:${minor}-slim`]);
  });

  it('copies what .dockerignore lets through', () => {
    const let_through = readFileSync('.dockerignore', 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1));
    const copied = lines()
      .filter((line) => /^COPY (?!--from)/.test(line))
      .flatMap((line) =>
        line
          .split(' ')
          .slice(1, -1)
          .map((path) => path.replace(/^\.\//, '')),
      );
    expect(copied.toSorted()).toEqual(let_through.toSorted());
    expect(readFileSync('.dockerignore', 'utf8').split('\n')).toContain('*');
  });

  it('has the steps of contained-run.ts, which runs the result where no container engine does', () => {
    const contained = readFileSync('test/deploy/contained-run.ts', 'utf8');
    const list = (name: string): readonly string[] =>
      [...(new RegExp(`^const ${name} = \\[(.*)\\];$`, 'm').exec(contained)?.[1] ?? '').matchAll(/'([^']+)'/g)].map(
        ([, path]) => path!,
      );
    const copies = (from: RegExp): readonly string[] =>
      lines()
        .filter((line) => from.test(line))
        .flatMap((line) =>
          line
            .split(' ')
            .filter((word) => !/^(COPY|--)/.test(word))
            .slice(0, -1)
            .map((path) => path.replace(/^\/app\//, '')),
        );
    expect(list('sources').toSorted()).toEqual(copies(/^COPY (?!--from)/).toSorted());
    expect(list('installed').toSorted()).toEqual(copies(/^COPY --from/).toSorted());
    const steps = [...text('Dockerfile').matchAll(/\b(npm (?:ci|run|prune)[^\\\n]*)/g)].map(([, step]) => step!.trim());
    expect(steps).toEqual(['npm ci --ignore-scripts', 'npm run build', 'npm prune --omit=dev --ignore-scripts']);
    const taken = [...contained.matchAll(/run\(workshop, (.*)\);$/gm)].map(([, words]) =>
      [...words!.matchAll(/'([^']+)'/g)]
        .map(([, word]) => word!)
        .filter((word) => !/^--no-(audit|fund)$/.test(word))
        .join(' '),
    );
    expect(taken).toEqual(steps);
  });
});

describe('the chart', () => {
  const templates = (): readonly string[] => under('chart/templates');

  it('names settings that exist', () => {
    const stateful = text('chart/templates/statefulset.yaml');
    const environment = stateful.slice(stateful.indexOf('          env:'), stateful.indexOf('          startupProbe:'));
    const names = [
      ...environment.matchAll(/\bname: ([A-Z][A-Z_]+)\b/g),
      ...(/range \$name := list ([^}]*)\}/.exec(environment)?.[1] ?? '').matchAll(/"([A-Z_]+)"/g),
    ].map(([, name]) => name!);
    expect(names).toEqual(
      expect.arrayContaining(['STORAGE', 'SERVER_URL', 'EVENTSTOREDB_URL', 'MONGODB_KEYS_URL', 'METRICS_PORT']),
    );
    expect(names.filter((name) => !isKnown(name))).toEqual([]);
  });

  it('has a value for every key that its schema requires, and no other', () => {
    const lacking = (value: unknown, schema: Fields, path: string): readonly string[] => {
      const properties = fields(schema['properties']);
      const required = (schema['required'] ?? []) as readonly string[];
      const own = Object.keys(fields(value));
      return [
        ...required.filter((key) => !own.includes(key)).map((key) => `${path}${key} is missing`),
        ...(schema['additionalProperties'] === false
          ? own.filter((key) => !Object.hasOwn(properties, key)).map((key) => `${path}${key} is unknown`)
          : []),
        ...Object.entries(properties)
          .filter(([key]) => own.includes(key))
          .flatMap(([key, below]) => lacking(fields(value)[key], fields(below), `${path}${key}.`)),
      ];
    };
    expect(
      lacking(parse(text('chart/values.yaml')), JSON.parse(text('chart/values.schema.json')) as Fields, ''),
    ).toEqual([]);
  });

  it('asks for values that there are; cure: write the value with its reason into values.yaml', () => {
    const values: unknown = parse(text('chart/values.yaml'));
    // These two are known to everybody who uses charts, and are seldom set.
    const asked = new Set(
      templates()
        .flatMap((path) => [...text(path).matchAll(/\.Values((?:\.\w+)+)/g)].map(([, way]) => way!.slice(1)))
        .filter((way) => !['nameOverride', 'fullnameOverride'].includes(way)),
    );
    expect(asked.size).toBeGreaterThan(30);
    expect(
      [...asked].filter(
        (way) => way.split('.').reduce<unknown>((value, key) => fields(value)[key], values) === undefined,
      ),
    ).toEqual([]);
  });

  it('runs it as the image does: not as root, with a read-only root, no capability and no key to the cluster', () => {
    const stateful = text('chart/templates/statefulset.yaml');
    for (const line of [
      'runAsNonRoot: true',
      'runAsUser: 10001',
      'readOnlyRootFilesystem: true',
      'allowPrivilegeEscalation: false',
      'capabilities: { drop: [ALL] }',
      'automountServiceAccountToken: false',
      'seccompProfile: { type: RuntimeDefault }',
    ])
      expect(stateful).toContain(line);
    // The server takes a mounted master key from root's hands only when nobody but its group may read it.
    expect(stateful).toContain('defaultMode: 0440');
  });

  it('closes every block that it opens', () => {
    for (const path of templates()) {
      const opened = [...text(path).matchAll(/\{\{-? *(if|with|range|define) /g)].length;
      expect({ path, opened }).toEqual({ path, opened: [...text(path).matchAll(/\{\{-? *end *-?\}\}/g)].length });
    }
  });
});

describe('alerts and dashboard', () => {
  it('ask for metrics and labels that the product has', () => {
    const registry = new Registry();
    metricList(registry);
    const kinds = new Map(
      registry
        .getMetricsAsArray()
        .map((metric) => [
          metric.name,
          metric as unknown as { readonly type: string; readonly labelNames: readonly string[] },
        ]),
    );
    const expressions = [
      ...[...text('prometheus/alerts.yml').matchAll(/expr: (.*)$/gm)].map(([, expression]) => expression!),
      ...[...text('grafana/baobei.json').matchAll(/"expr": (".*"),?$/gm)].map(
        ([, expression]) => JSON.parse(expression!) as string,
      ),
    ];
    expect(expressions.length).toBeGreaterThan(35);
    const ofTarget = ['job', 'instance'];
    for (const expression of expressions) {
      for (const [, name, selector = ''] of expression.matchAll(/\b(baobei_\w+)(?:\{([^}]*)\})?/g)) {
        const metric = kinds.get(name!) ?? kinds.get(name!.replace(/_bucket$/, ''));
        expect({ name, known: metric !== undefined }).toEqual({ name, known: true });
        const labels = [...selector.matchAll(/(\w+) *=~?/g)].map(([, label]) => label!);
        expect(labels.filter((label) => ![...ofTarget, ...metric!.labelNames].includes(label))).toEqual([]);
      }
    }
  });

  it('wake somebody or wait until the morning, and say what to look at', () => {
    const groups = (
      fields(parse(text('prometheus/alerts.yml')))['groups'] as readonly { readonly rules: readonly Fields[] }[]
    ).flatMap(({ rules }) => rules);
    expect(groups.length).toBeGreaterThan(15);
    for (const { alert, labels, annotations } of groups) {
      expect({
        alert,
        severity: ['page', 'ticket'].includes(String(fields(labels)['severity'])),
        told: ['summary', 'description'].every((key) => String(fields(annotations)[key] ?? '').length > 10),
      }).toEqual({ alert, severity: true, told: true });
    }
    expect(new Set(groups.map(({ alert }) => alert)).size).toBe(groups.length);
  });

  it('scrape both servers at the port that compose.yaml opens', () => {
    expect(text('prometheus/prometheus.yml')).toContain(`targets: ['baobei-1:9464', 'baobei-2:9464']`);
    expect(text('compose.yaml')).toContain("METRICS_PORT: '9464'");
  });
});
