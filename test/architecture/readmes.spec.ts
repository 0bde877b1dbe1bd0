import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { catalogue } from '#features/edge/catalogue.js';
import { codeOf, root, sources, textOf } from './sources.js';

const features = readdirSync(join(root, 'libs/features'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .toSorted();
const slicesOf = (feature: string): readonly string[] =>
  [
    ...new Set(
      sources()
        .filter((path) => path.startsWith(`libs/features/${feature}/`) && !path.includes('/testing/'))
        .map((path) => dirname(path).slice(`libs/features/${feature}`.length + 1)),
    ),
  ]
    // A folder of folders, with files that its slices share, is no slice.
    .filter((folder, _, all) => folder !== '' && !all.some((other) => other.startsWith(`${folder}/`)))
    .toSorted();

interface Row {
  readonly slice: string;
  readonly does: string;
}
const rowsOf = (readme: string): readonly Row[] =>
  [...readme.matchAll(/^\| ([a-z/-]+)\/ \| ([^|]+) \|/gm)].map(([, slice, does]) => ({
    slice: slice!,
    does: does!.trim(),
  }));

describe.each(features)('libs/features/%s/README.md', (feature) => {
  const path = `libs/features/${feature}/README.md`;
  const rows = existsSync(join(root, path)) ? rowsOf(textOf(path)) : [];

  it('exists, fits one screen and says what is promised and what is open', () => {
    expect(existsSync(join(root, path))).toBe(true);
    const text = textOf(path);
    expect(text).toMatch(/^Promises$/m);
    expect(text).toMatch(/^Open dilemmas: /m);
    expect(text.split('\n').length).toBeLessThanOrEqual(72);
  });

  it('its table is the list of its slices; cure: add the line, or take it away', () => {
    expect(rows.map(({ slice }) => slice).toSorted()).toEqual(slicesOf(feature));
  });

  it('a slice that may refuse is listed with its own command, and with events that exist', () => {
    for (const { slice, does } of rows) {
      const reacts = slice.startsWith('when-');
      const [, before, after] = /^([A-Za-z, ]+) → (.+)$/.exec(does) ?? [];
      const [command, events] = reacts ? [after, before] : [before, after];
      if (command === undefined) {
        expect(does).toMatch(/^(read|subscription): /);
        continue;
      }
      const code = sources()
        .filter((source) => dirname(source) === `libs/features/${feature}/${slice}`)
        .map(codeOf)
        .join('\n');
      expect(`${slice}: ${code.includes(reacts ? command : `'${command}'`) ? command : 'another name'}`).toBe(
        `${slice}: ${command}`,
      );
      expect(events!.split(', ').filter((event) => !catalogue.has(event))).toEqual([]);
    }
  });
});
