import { readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';
import { journalStream } from '#adapters/journal-eventstoredb/journal-eventstoredb.js';

interface Linked {
  readonly from: string;
  readonly links: readonly (readonly [string, unknown])[];
}
type Handler = (state: object, event: { readonly streamId: string; readonly bodyRaw: string | null }) => unknown;

/** Runs the projection as the server does: it gives three functions and calls the handler for each event. */
const project = (bodies: readonly (string | null)[]): Linked => {
  const links: (readonly [string, unknown])[] = [];
  let from = '';
  let handler: Handler | undefined;
  runInNewContext(readFileSync('deploy/eventstoredb/links-by-stream.js', 'utf8'), {
    fromStream: (stream: string) => {
      from = stream;
      return {
        when: ({ $any }: { readonly $any: Handler }) => {
          handler = $any;
        },
      };
    },
    linkTo: (stream: string, event: unknown) => {
      links.push([stream, event]);
    },
  });
  for (const bodyRaw of bodies) handler!({}, { streamId: from, bodyRaw });
  return { from, links };
};

describe('deploy/eventstoredb/links-by-stream.js', () => {
  it('reads the journal of an organisation and links each event to its logical stream', () => {
    const { from, links } = project([
      '{"stream":"dossier-1","type":"Registered"}',
      '{"stream":"key-e1-ab"}',
      '{"stream":"dossier-1"}',
    ]);
    expect(from).toBe(journalStream('default'));
    expect(links.map(([stream]) => stream)).toEqual(['default/dossier-1', 'default/key-e1-ab', 'default/dossier-1']);
  });

  it('passes over what is no event of ours, and never writes where a journal could stand', () => {
    const { links } = project([
      null,
      '',
      'not json',
      '{}',
      '{"stream":7}',
      '{"stream":""}',
      '[]',
      'null',
      '{"stream":"baobei-other"}',
    ]);
    expect(links.map(([stream]) => stream)).toEqual(['default/baobei-other']);
    // An organisation's name has no slash, so a journal's has none.
    expect(journalStream('a-b').includes('/')).toBe(false);
  });
});
