import { Environment, type ASTNode } from '@marcbachmann/cel-js';
import { facts as knownFacts, noFacts, type ConditionFacts, type FactNames, type Reach } from './facts.js';

/**
 * Conditions (`requiredWhen`, `when`) are CEL over the form and, where it says so, over facts (facts.ts): typed when the
 * policy is loaded, without loops, regular expressions, or anything else whose cost a policy could choose. What is left
 * runs in time proportional to the expression and the form.
 */
export type VariableType = 'string' | 'number' | 'money' | 'flag';
export type Variables = ReadonlyMap<string, VariableType>;

/**
 * The conditions of one policy version over one set of fields: parsed and type-checked once. An empty field reads as
 * '', 0 or false; `given("field")` asks whether it was filled in.
 */
export interface Conditions {
  /** Makes a condition ready; what is wrong with it, or undefined. It may ask for such facts as are at hand. */
  compile(source: string, reach?: readonly Reach[]): ConditionProblem | undefined;
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

const noNames: FactNames = {
  activity: new Set(),
  ladder: new Set(),
  class: new Set(),
  flag: new Set(),
  role: new Set(),
  partyKind: new Set(),
  request: new Set(),
  table: new Set(),
};
export const conditionsOver = (variables: Variables, names: FactNames = noNames): Conditions => {
  const environment = new Environment({ limits });
  for (const [name, type] of variables) environment.registerVariable(name, celTypes[type]);
  let given: ReadonlySet<string> = new Set();
  environment.registerFunction('given(string): bool', (name: string) => given.has(name));
  let known = noFacts;
  for (const [name, { takes, andValue, gives, read }] of Object.entries(knownFacts)) {
    const taken = takes === undefined ? '' : andValue === true ? 'string, string' : 'string';
    environment.registerFunction(`${name}(${taken}): ${gives}`, (asked: string = '', value: string = '') =>
      read(known, asked, value),
    );
  }
  const compiled = new Map<string, ReturnType<Environment['parse']>>();
  return {
    compile: (source, reach = []) => {
      const parsed = parse(environment, source, { variables, names, reach });
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

/** The fields that a condition speaks of; none of one that cannot be read. */
export const fieldsAskedIn = (source: string): ReadonlySet<string> => {
  try {
    return new Set(fieldsOf(new Environment({ limits }).parse(source).ast));
  } catch {
    return new Set();
  }
};
const fieldsOf = (node: ASTNode): readonly string[] => {
  if (node.op === 'id') return [node.args];
  if (node.op !== 'call' && node.op !== 'rcall') return childrenOf(node).flatMap(fieldsOf);
  const parameters = node.op === 'call' ? node.args[1] : [node.args[1], ...node.args[2]];
  const [asked] = parameters;
  return node.args[0] === 'given' && asked?.op === 'value' && typeof asked.args === 'string'
    ? [asked.args]
    : parameters.flatMap(fieldsOf);
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

/** What a condition may speak of; none in `reach`: no facts are at hand. */
interface Scope {
  readonly variables: Variables;
  readonly names: FactNames;
  readonly reach: readonly Reach[];
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
    if (scope.reach.length > 0 && Object.hasOwn(knownFacts, name)) return unknownFact(node, name, parameters, scope);
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
/** A fact is asked by a name that the policy declares, written out; what a clock decides asks about nobody who acts. */
const unknownFact = (
  node: ASTNode,
  fact: string,
  [parameter, ...values]: readonly ASTNode[],
  scope: Scope,
): ConditionProblem | undefined => {
  const { names, reach } = scope;
  const { takes, reach: needed } = knownFacts[fact]!;
  if (!reach.includes(needed))
    return reach.includes('dossier')
      ? {
          zh: `${fact}() 问的是${needed === 'table' ? '表' : '操作人'}：由时间决定的条件只能看档案本身。`,
          en: `${fact}() asks about ${needed === 'table' ? 'a table' : 'whoever acts'}: what time decides may look at the dossier alone.`,
          at: node.start,
        }
      : {
          zh: `${fact}() 问的是档案：填写表单时只能看填写人。`,
          en: `${fact}() asks about the dossier: what a form asks for may look at whoever fills it in alone.`,
          at: node.start,
        };
  if (takes === undefined) return undefined;
  return parameter?.op === 'value' && typeof parameter.args === 'string' && names[takes].has(parameter.args)
    ? firstOf(values, scope)
    : {
        zh: `括号内须写明制度所定义的名称：${[...names[takes]].join('、')}。`,
        en: `In brackets stands one of the policy's own names, in quotes: ${[...names[takes]].join(', ')}.`,
        at: node.start,
      };
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
