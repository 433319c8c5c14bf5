// Writes boxes of ISO base media files (ISO/IEC 14496-12 §4.2).

/** A box of that type around its contents. @param type four letters. */
export function box(type: string, ...contents: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const size = contents.reduce((sum, { length }) => sum + length, 8);
  const bytes = new Uint8Array(size);
  bytes.set(numbers32([size]));
  bytes.set(new TextEncoder().encode(type), 4);
  let at = 8;
  for (const each of contents) {
    bytes.set(each, at);
    at += each.length;
  }
  return bytes;
}

/** Numbers of four bytes each; negative ones as two's complement. @throws RangeError for one that does not fit. */
export function numbers32(values: readonly number[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(values.length * 4);
  const view = new DataView(bytes.buffer);
  for (const [index, value] of values.entries()) {
    if (value < -0x8000_0000 || value > 0xffff_ffff) throw new RangeError(`${value} has more than 32 bits`);
    view.setUint32(index * 4, value);
  }
  return bytes;
}

/** Numbers of eight bytes each. */
export function numbers64(values: readonly number[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(values.length * 8);
  const view = new DataView(bytes.buffer);
  for (const [index, value] of values.entries()) view.setBigUint64(index * 8, BigInt(value));
  return bytes;
}
