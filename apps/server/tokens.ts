/** Names under which feature modules inject what the edge has. */
export const CONFIGURATION = Symbol('Configuration');
export const EDGE_CLOCK = Symbol('Clock');
export const EDGE_LIMITS = Symbol('EdgeLimits');
export const EDGE_LOG = Symbol('Log');
