import { Environment, type ASTNode } from '@marcbachmann/cel-js';

/**
 * Conditions (`requiredWhen`, `when`) are CEL over the form: typed when the policy is loaded, without loops, regular
 * expressions,
 * or anything else whose cost a policy could choose. What is left runs in time proportional to the expression and the
 * form.
 */
export type VariableType = 'string' | 'number' | 'money' | 'flag';
export type Variables = ReadonlyMap<string, VariableType>;

/**
 * The conditions of one policy version over one set of fields: parsed and type-checked once. An empty field reads as
 * '', 0 or false; `given("field")` asks whether it was filled in.
 */
export interface Conditions {
  /** Makes a condition ready; what is wrong with it, or undefined. */
  compile(source: string): ConditionProblem | undefined;
  /** Asks the conditions about one form, whose fields are read once. Throws for a text that was not compiled. */
  over(values: Readonly<Record<string, unknown>>): (source: string) => boolean;
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

export const conditionsOver = (variables: Variables): Conditions => {
  const environment = new Environment({ limits });
  for (const [name, type] of variables) environment.registerVariable(name, celTypes[type]);
  let given: ReadonlySet<string> = new Set();
  environment.registerFunction('given(string): bool', (name: string) => given.has(name));
  const compiled = new Map<string, ReturnType<Environment['parse']>>();
  return {
    compile: (source) => {
      if (compiled.has(source)) return undefined;
      const parsed = parse(environment, source, variables);
      if ('problem' in parsed) return parsed.problem;
      compiled.set(source, parsed.expression);
      return undefined;
    },
    over: (values) => {
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
        given = filled; // The conditions share one function: it is told which form it is asked about.
        return holds(() => expression(form));
      };
    },
  };
};

const parse = (
  environment: Environment,
  source: string,
  variables: Variables,
): { readonly expression: ReturnType<Environment['parse']> } | { readonly problem: ConditionProblem } => {
  if (source.length > lengthMax)
    return {
      problem: { zh: `条件最长 ${lengthMax} 个字符。`, en: `A condition has at most ${lengthMax} characters.` },
    };
  try {
    const expression = environment.parse(source);
    const problem = forbidden(expression.ast, variables);
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

/** An amount too large to compute with is no reason to ask for less: a condition that fails holds. */
const holds = (evaluate: () => unknown): boolean => {
  try {
    return evaluate() !== false;
  } catch {
    return true;
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

const forbidden = (node: ASTNode, variables: Variables): ConditionProblem | undefined => {
  const refuse = (what: string): ConditionProblem => ({
    zh: `条件中不允许使用 ${what}。`,
    en: `${what} is not allowed in a condition.`,
    at: node.start,
  });
  if (node.op === 'call' || node.op === 'rcall') {
    const name = node.args[0];
    if (!functionsAllowed.has(name)) return refuse(`${name}()`);
    const parameters = node.op === 'call' ? node.args[1] : [node.args[1], ...node.args[2]];
    if (name === 'given') {
      const field = parameters[0];
      if (field?.op !== 'value' || typeof field.args !== 'string' || !variables.has(field.args))
        return {
          zh: 'given() 须写明一个表单字段名。',
          en: 'given() takes the name of a form field, in quotes.',
          at: node.start,
        };
    }
    return firstOf(parameters, variables);
  }
  if (!operatorsAllowed.has(node.op)) return refuse(`"${node.op}"`);
  return firstOf(childrenOf(node), variables);
};
const firstOf = (nodes: readonly ASTNode[], variables: Variables): ConditionProblem | undefined => {
  for (const node of nodes) {
    const problem = forbidden(node, variables);
    if (problem !== undefined) return problem;
  }
  return undefined;
};
const childrenOf = (node: ASTNode): readonly ASTNode[] => {
  if (node.op === 'value' || node.op === 'id') return [];
  return (Array.isArray(node.args) ? node.args : [node.args]) as readonly ASTNode[];
};
