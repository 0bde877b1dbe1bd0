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
    { ...only('features-direction', '^libs/features/', '^libs/(features|policy|event-sourcing|time|money|identity)/', 'Cure: take a port from event-sourcing; libs/nest chooses the adapter.'), from: { path: '^libs/features/', pathNot: ['\\.(spec|resolver|module)\\.ts$', '^libs/features/[^/]+/testing/'] } },
    only('resolvers-direction', '^libs/features/.*\\.(resolver|module)\\.ts$', '^libs/(features|nest|policy|event-sourcing|time|money|identity)/', 'Cure: a resolver takes the base types of libs/nest, and no adapter.'),
    { name: 'features-meet-in-events', severity: 'error', comment: 'Cure: import only events.ts or facts.ts (dated facts for deciders) of another feature, or move the slice to the feature that receives the command.', from: { path: '^libs/features/([^/]+)/', pathNot: ['\\.(spec|module|resolver|handler)\\.ts$', '^libs/features/[^/]+/testing/'] }, to: { path: '^libs/features/', pathNot: ['^libs/features/$1/', '^libs/features/[^/]+/(events|facts)\\.ts$', '^libs/features/[^/]+\\.ts$'] } },
    only('adapters-know-ports', '^libs/adapters/', '^libs/(adapters|event-sourcing|identity|time|money)/', 'Cure: an adapter implements a port and knows no feature.'),
    { name: 'nest-and-graphql-only-at-the-edge', severity: 'error', comment: 'Cure: keep decide, fold and evaluation plain; put the decorator in *.handler.ts, *.resolver.ts or *.module.ts.', from: { path: '^libs/', pathNot: ['^libs/nest/', '\\.(resolver|handler|module)\\.ts$', '\\.spec\\.ts$'] }, to: { path: 'node_modules/(@nestjs|graphql|@apollo|class-validator|class-transformer)' } },
    { name: 'metrics-and-traces-only-in-nest', severity: 'error', comment: 'Cure: decorate the port in libs/nest/tracing, or give libs/nest/metrics a getter.', from: { path: '^(libs|apps)/', pathNot: ['^libs/nest/', '^apps/server/telemetry\\.(spec\\.)?ts$'] }, to: { path: 'node_modules/(@opentelemetry|prom-client)' } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|data)/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { conditionNames: ['source', 'import', 'node', 'default'], extensions: ['.ts', '.js', '.json'], exportsFields: ['exports'] },
  },
};
