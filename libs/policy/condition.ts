import { Environment, type ASTNode } from '@marcbachmann/cel-js';

/**
 * Conditions (`requiredWhen`, `when`) are CEL over the form: typed when the policy is loaded, without loops, regular
 * expressions,
 * or anything else whose cost a policy could choose. What is left runs in time proportional to the expression and the
 * form.
 */
export type VariableType = 'string' | 'number' | 'money' | 'flag';
export type Variables = ReadonlyMap<string, VariableType>;

/** Names that facts are asked by: what has been recorded (an activity, a ladder), a ladder's stage, a role. */
export interface FactNames {
  readonly activity: ReadonlySet<string>;
  readonly ladder: ReadonlySet<string>;
  readonly role: ReadonlySet<string>;
}
/** What a condition may know of a registration beside its form, and of whoever acts. */
export interface ConditionFacts {
  /** Where it stands; '' before it is filed. */
  readonly state: string;
  /** How often each activity was recorded. */
  readonly counts: ReadonlyMap<string, number>;
  /** Where each ladder stands. */
  readonly stages: ReadonlyMap<string, string>;
  readonly roles: readonly string[];
}
const noFacts: ConditionFacts = { state: '', counts: new Map(), stages: new Map(), roles: [] };
/** The functions that ask for facts, and what the name in them must be. */
const factFunctions: Readonly<Record<string, keyof FactNames | undefined>> = {
  done: 'activity',
  count: 'activity',
  stage: 'ladder',
  hasRole: 'role',
  state: undefined,
};

/**
 * The conditions of one policy version over one set of fields: parsed and type-checked once. An empty field reads as
 * '', 0 or false; `given("field")` asks whether it was filled in.
 */
export interface Conditions {
  /** Makes a condition ready; what is wrong with it, or undefined. Only where `facts` are at hand may it ask for them. */
  compile(source: string, facts?: 'facts'): ConditionProblem | undefined;
  /** Asks the conditions about one form, whose fields are read once. Throws for a text that was not compiled. */
  over(
    values: Readonly<Record<string, unknown>>,
    facts?: ConditionFacts,
    /** What a condition whose computing fails comes to: the stricter answer. */
    failed?: boolean,
  ): (source: string) => boolean;
}
export interface ConditionProblem {
  readonly zh: string;
  readonly en: string;
  readonly at?: number;
}

const lengthMax = 500;
const limits = { maxAstNodes: 120, maxDepth: 24, maxListElements: 50, maxMapEntries: 0, maxCallArguments: 2 } as const;
const functionsAllowed = new Set(['given', 'size', 'contains', 'startsWith', 'endsWith']);
const operatorsAllowed = new Set([
  'value',
  'id',
  'list',
  '?:',
  '||',
  '&&',
  '!_',
  '-_',
  '==',
  '!=',
  'in',
  '<',
  '<=',
  '>',
  '>=',
  '+',
  '-',
  '*',
]);
const celTypes = { string: 'string', number: 'double', money: 'int', flag: 'bool' } as const;

const noNames: FactNames = { activity: new Set(), ladder: new Set(), role: new Set() };
export const conditionsOver = (variables: Variables, names: FactNames = noNames): Conditions => {
  const environment = new Environment({ limits });
  for (const [name, type] of variables) environment.registerVariable(name, celTypes[type]);
  let given: ReadonlySet<string> = new Set();
  environment.registerFunction('given(string): bool', (name: string) => given.has(name));
  let known = noFacts;
  environment.registerFunction('done(string): bool', (name: string) => (known.counts.get(name) ?? 0) > 0);
  environment.registerFunction('count(string): int', (name: string) => BigInt(known.counts.get(name) ?? 0));
  environment.registerFunction('stage(string): string', (name: string) => known.stages.get(name) ?? '');
  environment.registerFunction('hasRole(string): bool', (name: string) => known.roles.includes(name));
  environment.registerFunction('state(): string', () => known.state);
  const compiled = new Map<string, ReturnType<Environment['parse']>>();
  return {
    compile: (source, facts) => {
      const parsed = parse(environment, source, { variables, names: facts === undefined ? undefined : names });
      if ('problem' in parsed) return parsed.problem;
      compiled.set(source, parsed.expression);
      return undefined;
    },
    over: (values, facts = noFacts, failed = true) => {
      const filled = new Set(Object.keys(values).filter((name) => values[name] !== undefined && values[name] !== ''));
      const form = Object.fromEntries(
        [...variables].map(([name, type]) => [
          name,
          valueOf(type, Object.hasOwn(values, name) ? values[name] : undefined),
        ]),
      );
      return (source) => {
        const expression = compiled.get(source);
        if (expression === undefined) throw new Error(`a condition that was not compiled: ${source}`);
        // The conditions share their functions: these are told which form and which facts they are asked about.
        given = filled;
        known = facts;
        return holds(() => expression(form), failed);
      };
    },
  };
};

const parse = (
  environment: Environment,
  source: string,
  scope: Scope,
): { readonly expression: ReturnType<Environment['parse']> } | { readonly problem: ConditionProblem } => {
  if (source.length > lengthMax)
    return {
      problem: { zh: `条件最长 ${lengthMax} 个字符。`, en: `A condition has at most ${lengthMax} characters.` },
    };
  try {
    const expression = environment.parse(source);
    const problem = forbidden(expression.ast, scope);
    if (problem !== undefined) return { problem };
    const checked = expression.check();
    if (!checked.valid)
      return { problem: mistyped(checked.error?.summary ?? 'not well typed', checked.error?.range?.start) };
    return checked.type === 'bool'
      ? { expression }
      : { problem: mistyped(`it is ${checked.type ?? 'unknown'}, not true or false`, undefined) };
  } catch (error) {
    const { summary, range } = error as { summary?: string; range?: { start: number } };
    return { problem: mistyped(summary ?? 'not an expression', range?.start) };
  }
};

/** An amount too large to compute with is no reason to ask for less. */
const holds = (evaluate: () => unknown, failed: boolean): boolean => {
  try {
    return evaluate() !== false;
  } catch {
    return failed;
  }
};

const valueOf = (type: VariableType, value: unknown): string | number | bigint | boolean => {
  switch (type) {
    case 'string':
      return typeof value === 'string' ? value : '';
    case 'number':
      return typeof value === 'number' ? value : 0;
    case 'money':
      return typeof value === 'string' && /^-?\d{1,18}$/.test(value) ? BigInt(value) : 0n;
    case 'flag':
      return value === true;
  }
};

const mistyped = (detail: string, at: number | undefined): ConditionProblem => ({
  zh: `条件有误：${detail}`,
  en: `The condition is wrong: ${detail}`,
  ...(at === undefined ? {} : { at }),
});

/** What a condition may speak of; no names: no facts are at hand. */
interface Scope {
  readonly variables: Variables;
  readonly names: FactNames | undefined;
}
const forbidden = (node: ASTNode, scope: Scope): ConditionProblem | undefined => {
  const refuse = (what: string): ConditionProblem => ({
    zh: `条件中不允许使用 ${what}。`,
    en: `${what} is not allowed in a condition.`,
    at: node.start,
  });
  if (node.op === 'call' || node.op === 'rcall') {
    const name = node.args[0];
    const parameters = node.op === 'call' ? node.args[1] : [node.args[1], ...node.args[2]];
    if (scope.names !== undefined && Object.hasOwn(factFunctions, name))
      return unknownFact(node, factFunctions[name], parameters, scope.names);
    if (!functionsAllowed.has(name)) return refuse(`${name}()`);
    if (name === 'given') {
      const field = parameters[0];
      if (field?.op !== 'value' || typeof field.args !== 'string' || !scope.variables.has(field.args))
        return {
          zh: 'given() 须写明一个表单字段名。',
          en: 'given() takes the name of a form field, in quotes.',
          at: node.start,
        };
    }
    return firstOf(parameters, scope);
  }
  if (!operatorsAllowed.has(node.op)) return refuse(`"${node.op}"`);
  return firstOf(childrenOf(node), scope);
};
/** A fact is asked by a name that the policy declares, written out. */
const unknownFact = (
  node: ASTNode,
  kind: keyof FactNames | undefined,
  [parameter]: readonly ASTNode[],
  names: FactNames,
): ConditionProblem | undefined =>
  kind === undefined ||
  (parameter?.op === 'value' && typeof parameter.args === 'string' && names[kind].has(parameter.args))
    ? undefined
    : {
        zh: `括号内须写明制度所定义的名称：${[...names[kind]].join('、')}。`,
        en: `In brackets stands one of the policy's own names, in quotes: ${[...names[kind]].join(', ')}.`,
        at: node.start,
      };
const firstOf = (nodes: readonly ASTNode[], scope: Scope): ConditionProblem | undefined => {
  for (const node of nodes) {
    const problem = forbidden(node, scope);
    if (problem !== undefined) return problem;
  }
  return undefined;
};
const childrenOf = (node: ASTNode): readonly ASTNode[] => {
  if (node.op === 'value' || node.op === 'id') return [];
  return (Array.isArray(node.args) ? node.args : [node.args]) as readonly ASTNode[];
};
