import ts from 'typescript';
import { sources, textOf } from './sources.js';

/** Places where a switch over the type of an event has a `default`: a new event would go past it unseen. */
const defaultsOverEvents = (name: string, text: string): readonly string[] => {
  const source = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const look = (node: ts.Node): void => {
    if (
      ts.isSwitchStatement(node) &&
      /\bevent\.type$/.test(node.expression.getText()) &&
      node.caseBlock.clauses.some(ts.isDefaultClause)
    )
      found.push(`${name}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}`);
    ts.forEachChild(node, look);
  };
  look(source);
  return found;
};

describe('folds', () => {
  it('have no default over events; cure: one case for each event, or a table that satisfies all of them', () => {
    expect(sources({ specs: true }).flatMap((path) => defaultsOverEvents(path, textOf(path)))).toEqual([]);
  });
  it('and a default would be found', () => {
    const fold =
      'const f = (n, happened) => { switch (happened.event.type) { case "A": return n; default: return 0; } };';
    expect(defaultsOverEvents('a.ts', fold)).toEqual(['a.ts:1']);
    expect(defaultsOverEvents('a.ts', fold.replace('default: return 0;', ''))).toEqual([]);
  });
});
