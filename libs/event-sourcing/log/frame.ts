import type { Frame, Stamp } from '../ports/event-log.js';
import { canonicalText } from '../canonical.js';

/** The bytes that the log keeps. Throws TypeError for a part that is none. */
export const fillFrame = (frame: Frame, stamp: Stamp): Uint8Array => {
  const parts = frame.map((part) =>
    typeof part === 'string' || part instanceof Uint8Array ? part : stamped(stamp, part),
  );
  if (parts.every((part) => typeof part === 'string')) return Buffer.from(parts.join(''), 'utf8');
  return Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'utf8') : part)));
};

const stamped = (stamp: Stamp, part: { readonly stamp: keyof Stamp }): string => {
  if (!Object.hasOwn(stamp, part.stamp)) throw new TypeError(`A stamp has no ${String(part.stamp)}`);
  const value = stamp[part.stamp];
  return typeof value === 'number' ? String(value) : canonicalText(value);
};
