import { isMissing } from '#event-sourcing/testing/event-log-contract.js';
import { mongoReadStoreContract, ordersByCodeUnit } from './testing/mongo-read-store-contract.js';
import { mongoSeveralContract } from './testing/mongo-several-contract.js';

const url = process.env['MONGODB_URL'] ?? '';
const byCodeUnit = url !== '' && (await ordersByCodeUnit(url));
if (byCodeUnit)
  console.warn(
    'This server orders text as UTF-16, which MongoDB does not: pages are compared on text where both agree',
  );

describe('read store on a real server', () => {
  if (isMissing({ skipUnless: url, because: 'MONGODB_URL is not set' })) return;
  mongoReadStoreContract('MongoDB', () => url, { byCodeUnit });
  mongoSeveralContract('MongoDB', () => url);
});
