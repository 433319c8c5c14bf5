// Where the content of a decrypted CBC record ends, found without branches on secret bytes (RFC 5246 §6.2.3.2).

const MAX_PADDING_BYTES = 256;

/**
 * Looks at the padding of a decrypted record, which ends with `macBytes` of MAC and the padding. `isValid` is 1
 * or 0; when 0, `sizeBytes` is what a padding of none would leave, so that the MAC can be computed all the same.
 * The record must hold `macBytes` + 1 bytes or more.
 */
export function cbcContent(plain: Uint8Array, macBytes: number): { sizeBytes: number; isValid: 0 | 1 } {
  const last = plain.length - 1;
  const paddingBytes = plain[last] ?? 0;
  const room = last - macBytes;
  // Negative numbers have their sign bit set: 1 when the padding is longer than there is room for.
  let wrong = ((room - paddingBytes) >>> 31) & 1;
  for (let back = 0; back < Math.min(MAX_PADDING_BYTES, plain.length); back++) {
    // All ones for bytes that belong to the padding, its length byte included, zero for others.
    const belongs = ~((paddingBytes - back) >> 31);
    wrong |= belongs & ((plain[last - back] ?? 0) ^ paddingBytes);
  }
  const isValid = wrong === 0 ? 1 : 0;
  return { sizeBytes: room - paddingBytes * isValid, isValid };
}
