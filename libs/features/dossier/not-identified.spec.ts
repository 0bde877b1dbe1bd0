import type { SubjectCommand } from './on-subject.js';
import {
  askingAvailability,
  askingPermission,
  exempting,
  grantingPermission,
  recordingDealOf,
  registering,
} from './testing/asks.js';
import { held } from './testing/past.js';
import { given } from './testing/rehearsal.js';

type Form = SubjectCommand['form'];
const fields = ['name', 'phone', 'account', 'budget'];
const misspelt: readonly (readonly [string, Form, string, Readonly<Record<string, unknown>>])[] = [
  ['a misspelt field', { phnoe: '13800000001' }, 'FieldUnknown', { fields }],
  ['a misspelt field beside a key', { phone: '13800000002', phnoe: '1' }, 'FieldUnknown', { fields }],
  ['a telephone with a digit too few', { phone: '1380000000' }, 'FieldInvalid', { example: '13800138000' }],
  ['an unreadable telephone beside a key', { phone: '1', account: 'A' }, 'FieldInvalid', { example: '13800138000' }],
  ['an account of marks that say nothing', { phone: '13800000001', account: '\u00ad' }, 'FieldInvalid', {}],
];

const commands = {
  availability: askingAvailability,
  askPermission: askingPermission,
  grantPermission: grantingPermission,
  exempt: exempting,
  recordDeal: recordingDealOf,
  register: registering,
};

describe.each(Object.entries(commands))('%s of a customer whom a form names', (_, asking) => {
  it.each(misspelt)('refuses %s: nobody may look free because of it', (_, form, reason, accepts) =>
    given(held())
      .when(asking({ form: { name: '王芳', ...form } }))
      .thenRefused(reason, accepts),
  );
  it('refuses a class that is not there, and says so alone', () =>
    given(held())
      .when(asking({ class: 'walkin', form: { phone: '13800000001', phnoe: '1' } }))
      .thenRefused('ClassUnknown', { classes: ['walkIn', 'reviewed', 'appointment', 'permitted'] }));
});
