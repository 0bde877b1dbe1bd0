import { isMissing } from '#event-sourcing/testing/event-log-contract.js';
import { mongoBehaviour } from './mongo-behaviour.js';

const url = process.env['MONGODB_URL'];
describe('what the double stands in for', () => {
  if (!isMissing({ skipUnless: url, because: 'MONGODB_URL is not set' })) mongoBehaviour('a real server', () => url!);
});
