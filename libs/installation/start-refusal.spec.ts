import { AccessDeniedError } from '@kurrent/kurrentdb-client';
import { EventStoreUrlError } from '#adapters/journal-eventstoredb/connection.js';
import { JournalUnavailableError } from '#event-sourcing/ports/journal.js';
import { startRefusal } from './start-refusal.js';

describe('why a server does not start', () => {
  const denied = Object.assign(Object.create(AccessDeniedError.prototype) as object, {
    name: 'Error',
    type: 'access-denied',
    message: 'AccessDeniedError',
  });
  it.each([
    [denied, /EventStoreDB refuses the user and password/],
    [new JournalUnavailableError('nothing', new Error('down')), /EventStoreDB does not answer/],
    [new EventStoreUrlError('不可用', 'cannot be used'), /EVENTSTOREDB_URL cannot be used/],
  ])('%p is told in both languages', (error, sentence) => {
    expect(startRefusal(error)).toMatch(sentence);
    expect(startRefusal(error)).toMatch(/[\u4e00-\u9fff].*。 \/ /);
  });
  it('a bug is none of them', () => {
    expect(startRefusal(new TypeError('undefined is not a function'))).toBeUndefined();
  });
});
