import { canaryStory, spellings } from './canary-story.js';

/** Row A16: whatever is done to the server, and however badly, no line of its log holds a personal value. */
it('no personal value stands in any log line', async () => {
  const story = await canaryStory();
  try {
    await story.tell();
    const lines = story.edge.lines.join('\n');
    expect(story.edge.lines.length).toBeGreaterThan(5);
    for (const spelling of spellings)
      expect({ spelling, found: lines.includes(spelling) }).toEqual({ spelling, found: false });
  } finally {
    await story.close();
  }
});
