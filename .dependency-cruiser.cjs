/** Directions between folders (docs/architecture.md). Each failure names its cure. */
const only = (name, from, allowed, cure) => ({
  name, comment: cure, severity: 'error',
  from: { path: from, pathNot: ['\\.spec\\.ts$', '^libs/features/[^/]+/testing/'] },
  to: { path: '^(apps|libs|test)/', pathNot: allowed },
});
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', comment: 'Cure: move what both need to the one that comes first in reading order.', from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
    only('event-sourcing-imports-nothing', '^libs/event-sourcing/', '^libs/event-sourcing/', 'Cure: the engine takes what it needs as a parameter or a port.'),
    only('pure-time', '^libs/time/', '^libs/(time|event-sourcing)/', 'Cure: libs/time is pure and knows only the vocabulary.'),
    only('pure-money', '^libs/money/', '^libs/(money|event-sourcing)/', 'Cure: libs/money is pure and knows only the vocabulary.'),
    only('pure-identity', '^libs/identity/', '^libs/(identity|event-sourcing)/', 'Cure: libs/identity is pure and knows only the vocabulary.'),
    only('policy-direction', '^libs/policy/', '^libs/(policy|event-sourcing|time|money|identity)/', 'Cure: a clause takes facts; it does not fetch them.'),
    { ...only('features-direction', '^libs/features/', '^libs/(features|policy|event-sourcing|time|money|identity)/', 'Cure: take a port from event-sourcing; libs/installation chooses the adapter.'), from: { path: '^libs/features/', pathNot: ['\\.(spec|resolver|graphql|module)\\.ts$', '^libs/features/edge/', '^libs/features/[^/]+/testing/'] } },
    only('edge-direction', '^libs/features/(edge/|.*\\.(resolver|graphql|module)\\.ts$)', '^libs/(features|graphql|policy|event-sourcing|time|money|identity)/', 'Cure: a resolver takes the toolkit of libs/graphql, and no adapter.'),
    only('graphql-is-a-toolkit', '^libs/graphql/', '^libs/(graphql|policy|event-sourcing|time|money|identity)/', 'Cure: what knows a feature belongs in libs/features/edge.'),
    only('installation-composes', '^libs/installation/', '^libs/(installation|features|adapters|policy|event-sourcing|time|money|identity)/', 'Cure: sockets, metrics and readiness belong in apps/server.'),
    { name: 'installation-is-no-edge', severity: 'error', comment: 'Cure: whoever composes knows no resolver: take the catalogue, the read models, the commands.', from: { path: '^libs/installation/', pathNot: ['\\.spec\\.ts$'] }, to: { path: '\\.(resolver|graphql|module)\\.ts$' } },
    { name: 'features-meet-in-events', severity: 'error', comment: 'Cure: import only events.ts or facts.ts (dated facts for deciders) of another feature, or move the slice to the feature that receives the command.', from: { path: '^libs/features/([^/]+)/', pathNot: ['\\.(spec|module|resolver|graphql)\\.ts$', '^libs/features/edge/', '^libs/features/[^/]+/testing/'] }, to: { path: '^libs/features/', pathNot: ['^libs/features/$1/', '^libs/features/[^/]+/(events|facts)\\.ts$', '^libs/features/deciding/'] } },
    { name: 'features-know-no-edge', severity: 'error', comment: 'Cure: what a decision or a fold needs is no edge: it belongs in libs/features/deciding or in the feature.', from: { path: '^libs/features/', pathNot: ['\\.(spec|module|resolver|graphql)\\.ts$', '^libs/features/edge/', '^libs/features/[^/]+/testing/'] }, to: { path: '^libs/features/edge/' } },
    only('adapters-know-ports', '^libs/adapters/', '^libs/(adapters|event-sourcing|identity|time|money)/', 'Cure: an adapter implements a port and knows no feature.'),
    { name: 'nest-and-graphql-only-at-the-edge', severity: 'error', comment: 'Cure: keep decide, fold and evaluation plain; put the decorator in *.resolver.ts, *.graphql.ts or *.module.ts.', from: { path: '^libs/', pathNot: ['^libs/graphql/', '^libs/features/edge/', '\\.(resolver|graphql|module)\\.ts$', '\\.spec\\.ts$'] }, to: { path: 'node_modules/(@nestjs|graphql|@apollo|class-validator|class-transformer)' } },
    { name: 'metrics-and-traces-at-the-edge', severity: 'error', comment: 'Cure: decorate the port in libs/installation/tracing, or give apps/server/metrics a getter.', from: { path: '^(libs|apps)/', pathNot: ['^libs/installation/tracing/', '^apps/server/'] }, to: { path: 'node_modules/(@opentelemetry|prom-client)' } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|data)/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { conditionNames: ['source', 'import', 'node', 'default'], extensions: ['.ts', '.js', '.json'], exportsFields: ['exports'] },
  },
};
