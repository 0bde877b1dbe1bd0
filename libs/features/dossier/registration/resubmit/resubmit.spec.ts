import { resubmitting } from '../../testing/asks.js';
import { binds, maybeOne, merges, protects, raises, resubmits, mayOnlyHolder } from '../../testing/follows.js';
import { approved, held, merged, registered, released, returned } from '../../testing/past.js';
import { endOfLastDay, given, under } from '../../testing/rehearsal.js';

describe('resubmit', () => {
  const back = [registered({ class: 'reviewed' }), returned()];
  it('is handed in again and waits for the check anew', () => given(back).when(resubmitting()).then(resubmits('d1.1')));
  it('takes effect at once where nobody reviews any longer', () =>
    given([registered(), returned()])
      .when(resubmitting())
      .then(resubmits('d1.1', { class: 'walkIn' }), protects('d1.1', { until: '2026-03-09' })));
  it('is refused for a claim that was not returned', () =>
    given(registered({ class: 'reviewed' }))
      .when(resubmitting())
      .thenRefused('NotReturned'));
  it('with a credit code that a rival has by now becomes a case: neither claim is lost', () =>
    given(back, held({ dossier: 'd2', phone: '13800000002', account: 'wang', by: 'dealer-c' }))
      .when(resubmitting({ form: { name: '王芳', phone: '13800000001', account: 'wang' } }))
      .then(
        resubmits('d1.1', { account: 'wang' }),
        raises('d1.c1', { ...maybeOne, claims: ['d1.1'], elsewhere: ['d2.c1'] }),
        raises('d2.c1', {
          ...maybeOne,
          claims: ['d2.1'],
          elsewhere: ['d1.c1'],
          stands: { left: 8, through: '2026-03-16' },
        }),
      ));
  it('takes a dossier in that nobody has a claim on any more', () =>
    given(
      back,
      held({ dossier: 'd2', phone: '13800000002', account: 'wang', by: 'dealer-c' }),
      released({ dossier: 'd2', by: 'dealer-c' }),
    )
      .when(resubmitting({ form: { name: '王芳', phone: '13800000001', account: 'wang' } }))
      .then(merges('d2', 'd1', 'd2'), merges('d2', 'd1', 'd1'), resubmits('d1.1', { account: 'wang' })));
  it('is refused when the form names another customer', () =>
    given(back)
      .when(resubmitting({ phone: '13800000002' }))
      .thenRefused('OtherSubject'));
  it('may name the customer by what a merged dossier knew it by', () =>
    given(back, registered({ dossier: 'd2', phone: '13800000002', by: 'dealer-c' }), merged({ from: 'd2', into: 'd1' }))
      .when(resubmitting({ phone: '13800000002' }))
      .then(resubmits('d1.1', { phone: '13800000002' })));
  it('binds what it adds: the next who names the customer by it finds this dossier', () =>
    given(back)
      .when(resubmitting({ form: { name: '王芳', phone: '13800000001', account: 'wang' } }))
      .then(binds('d1', { account: 'wang' }), resubmits('d1.1', { account: 'wang' })));
  it('is refused for every flaw of the form', () =>
    given(back)
      .when(resubmitting({ form: { phone: '13800000001' } }))
      .thenRefused('FieldMissing'));
  it('is refused while another is protected', () =>
    given(back, registered({ n: 2, by: 'dealer-b' }), approved({ n: 2, holder: 'dealer-b' }))
      .when(resubmitting())
      .thenRefused('ProtectedByAnother', { freeFrom: endOfLastDay('2026-03-09') }));
  it('is refused to others', () =>
    under({})
      .given(back)
      .when(resubmitting({ by: 'dealer-b' }))
      .thenRefused('OperationNotPermitted', mayOnlyHolder));
});
