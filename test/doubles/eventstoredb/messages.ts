import shared from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/shared_pb.js';
import streams from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/streams_pb.js';
import type { AppendOutcome, Expected, KeptEvent } from './stream-store.js';

type AppendReq = InstanceType<typeof streams.AppendReq>;
type AppendResp = InstanceType<typeof streams.AppendResp>;
type ReadResp = InstanceType<typeof streams.ReadResp>;
type Uuid = InstanceType<typeof shared.UUID>;

export interface Appended {
  readonly stream: string;
  readonly expected: Expected;
  readonly events: readonly Omit<KeptEvent, 'revision'>[];
}

/** One append: its options first, then its events. */
export const requestOf = (messages: readonly AppendReq[]): Appended => {
  const options = messages[0]!.getOptions()!;
  return {
    stream: Buffer.from(options.getStreamIdentifier()!.getStreamName_asU8()).toString('utf8'),
    expected: expectedOf(options),
    events: messages.slice(1).map((message) => {
      const proposed = message.getProposedMessage()!;
      return {
        id: textOf(proposed.getId()!),
        data: Buffer.from(proposed.getData_asU8()),
        custom: Buffer.from(proposed.getCustomMetadata_asU8()),
        metadata: new Map(
          proposed
            .getMetadataMap()
            .toObject()
            .map(([key, value]) => [key, value]),
        ),
      };
    }),
  };
};

const expectedOf = (options: NonNullable<ReturnType<AppendReq['getOptions']>>): Expected => {
  if (options.hasNoStream()) return { kind: 'none' };
  if (options.hasAny()) return { kind: 'any' };
  if (options.hasStreamExists()) return { kind: 'exists' };
  return { kind: 'revision', revision: Number(options.getRevision()) };
};

export const responseOf = (outcome: AppendOutcome, expected: Expected): AppendResp => {
  const response = new streams.AppendResp();
  if ('current' in outcome) {
    const success = new streams.AppendResp.Success();
    success.setCurrentRevision(String(outcome.current));
    success.setNoPosition(new shared.Empty());
    response.setSuccess(success);
    return response;
  }
  const wrong = new streams.AppendResp.WrongExpectedVersion();
  if (outcome.wrong < 0) wrong.setCurrentNoStream(new shared.Empty());
  else wrong.setCurrentRevision(String(outcome.wrong));
  if (expected.kind === 'revision') wrong.setExpectedRevision(String(expected.revision));
  if (expected.kind === 'none') wrong.setExpectedNoStream(new shared.Empty());
  if (expected.kind === 'exists') wrong.setExpectedStreamExists(new shared.Empty());
  response.setWrongExpectedVersion(wrong);
  return response;
};

const identifier = (stream: string): InstanceType<typeof shared.StreamIdentifier> => {
  const name = new shared.StreamIdentifier();
  name.setStreamName(Buffer.from(stream, 'utf8').toString('base64'));
  return name;
};

export const readResponse = {
  notFound(stream: string): ReadResp {
    const [response, missing] = [new streams.ReadResp(), new streams.ReadResp.StreamNotFound()];
    missing.setStreamIdentifier(identifier(stream));
    response.setStreamNotFound(missing);
    return response;
  },
  confirmation(): ReadResp {
    const [response, confirmation] = [new streams.ReadResp(), new streams.ReadResp.SubscriptionConfirmation()];
    confirmation.setSubscriptionId('double');
    response.setConfirmation(confirmation);
    return response;
  },
  event(stream: string, { id, revision, metadata, custom, data }: KeptEvent, structured: boolean): ReadResp {
    const recorded = new streams.ReadResp.ReadEvent.RecordedEvent();
    recorded.setId(uuid(id, structured));
    recorded.setStreamIdentifier(identifier(stream));
    recorded.setStreamRevision(String(revision));
    recorded.setPreparePosition(String(revision));
    recorded.setCommitPosition(String(revision));
    for (const [key, value] of metadata) recorded.getMetadataMap().set(key, value);
    // In ticks of a ten-millionth of a second since 1970, as servers say it.
    recorded.getMetadataMap().set('created', '17719920000000000');
    recorded.setCustomMetadata(Buffer.from(custom).toString('base64'));
    recorded.setData(Buffer.from(data).toString('base64'));
    const [response, event] = [new streams.ReadResp(), new streams.ReadResp.ReadEvent()];
    event.setEvent(recorded);
    event.setNoPosition(new shared.Empty());
    response.setEvent(event);
    return response;
  },
};

const uuid = (id: string, structured: boolean): Uuid => {
  const value = new shared.UUID();
  if (!structured) {
    value.setString(id);
    return value;
  }
  const bytes = Buffer.from(id.replaceAll('-', ''), 'hex');
  const halves = new shared.UUID.Structured();
  halves.setMostSignificantBits(bytes.readBigInt64BE(0).toString());
  halves.setLeastSignificantBits(bytes.readBigInt64BE(8).toString());
  value.setStructured(halves);
  return value;
};

const textOf = (value: Uuid): string => {
  if (value.hasString()) return value.getString();
  const bytes = Buffer.alloc(16);
  bytes.writeBigInt64BE(BigInt(value.getStructured()!.getMostSignificantBits()), 0);
  bytes.writeBigInt64BE(BigInt(value.getStructured()!.getLeastSignificantBits()), 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
};
