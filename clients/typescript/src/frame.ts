import { utf8 } from "./utf8.js";

const twoTo32 = 2 ** 32;
const lowMask = 0xffffffffn;

/**
 * Commands on their way, as the bytes of field 3 of an ExecuteRequest; a RunCommandsRequest has the same layout. Commands are written into it as they are given, so that nothing
 * of them is kept. The common command is written here by hand: building messages of a thousand ops and serialising them takes ten times as long.
 */
export class Frame {
  private bytes: Uint8Array;
  private view: DataView;
  private length = 0;

  /** Commands in it. */
  commands = 0;

  constructor(capacity = 8192) {
    this.bytes = new Uint8Array(capacity);
    this.view = new DataView(this.bytes.buffer);
  }

  /** Bytes in it. */
  get size(): number {
    return this.length;
  }

  /** What is in it. */
  get content(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }

  /** Takes back what was written after a length. */
  truncate(length: number): void {
    this.length = length;
  }

  /** Adds bytes as they are. */
  append(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  /** Starts a field that holds a message; {@link end} must follow. */
  begin(tag: number): number {
    this.reserve(16);
    this.bytes[this.length++] = tag;
    return this.length++;
  }

  /** Ends a field that holds a message: puts its length before it. */
  end(start: number): void {
    const size = this.length - start - 1;
    if (size < 0x80) {
      this.bytes[start] = size;
      return;
    }
    let more = 0;
    for (let rest = size; rest >= 0x80; rest = Math.floor(rest / 0x80)) more++;
    this.reserve(more);
    this.bytes.copyWithin(start + 1 + more, start + 1, this.length);
    const end = this.length + more;
    this.length = start;
    this.varint(size);
    this.length = end;
  }

  /** An integer that is not negative, below 2^53. */
  uint(tag: number, value: number): void {
    this.reserve(12);
    this.bytes[this.length++] = tag;
    this.varint(value);
  }

  /** An integer that is not negative, below 2^53, without a tag: of a packed list. */
  packed(value: number): void {
    this.reserve(11);
    this.varint(value);
  }

  /** A truth value that is true. */
  yes(tag: number): void {
    this.flag(tag, true);
  }

  /** A truth value. */
  flag(tag: number, value: boolean): void {
    this.reserve(2);
    this.bytes[this.length++] = tag;
    this.bytes[this.length++] = value ? 1 : 0;
  }

  /** A double. */
  double(tag: number, value: number): void {
    this.reserve(9);
    this.bytes[this.length++] = tag;
    this.view.setFloat64(this.length, value, true);
    this.length += 8;
  }

  /** An integer in zigzag form. */
  sint(tag: number, value: number | bigint): void {
    this.reserve(12);
    this.bytes[this.length++] = tag;
    this.zigzag(value);
  }

  /** An integer in zigzag form, without a tag: of a packed list. @throws RangeError it is no integer of 64 bits. */
  zigzag(value: number | bigint): void {
    this.reserve(11);
    if (typeof value === "number" && value < 0x40000000 && value > -0x40000000) {
      if (!Number.isInteger(value)) throw new RangeError(`${value} is no integer`);
      this.varint(((value << 1) ^ (value >> 31)) >>> 0);
      return;
    }
    const wide = BigInt(value);
    if (BigInt.asIntN(64, wide) !== wide) throw new RangeError(`${value} is no integer of 64 bits`);
    let rest = BigInt.asUintN(64, (wide << 1n) ^ (wide >> 63n));
    for (; rest >= 0x80n; rest >>= 7n) this.bytes[this.length++] = Number(rest & 0x7fn) | 0x80;
    this.bytes[this.length++] = Number(rest & lowMask);
  }

  /** A string. */
  text(tag: number, value: string): void {
    this.raw(tag, utf8(value));
  }

  /** Bytes, or a message that is serialised already. */
  raw(tag: number, value: Uint8Array): void {
    this.reserve(value.length + 11);
    this.bytes[this.length++] = tag;
    this.varint(value.length);
    this.bytes.set(value, this.length);
    this.length += value.length;
  }

  private varint(value: number): void {
    const { bytes } = this;
    let at = this.length;
    // Bitwise operators see 32 bits only.
    while (value >= twoTo32) {
      bytes[at++] = (value % 0x80) | 0x80;
      value = Math.floor(value / 0x80);
    }
    for (; value >= 0x80; value >>>= 7) bytes[at++] = (value & 0x7f) | 0x80;
    bytes[at++] = value;
    this.length = at;
  }

  private reserve(more: number): void {
    const needed = this.length + more;
    if (this.bytes.length >= needed) return;
    const larger = new Uint8Array(Math.max(needed, 2 * this.bytes.length));
    larger.set(this.content);
    this.bytes = larger;
    this.view = new DataView(larger.buffer);
  }
}

/** Bytes that a number takes as a varint. */
export function varintSize(value: number): number {
  let size = 1;
  for (; value >= 0x80; value = Math.floor(value / 0x80)) size++;
  return size;
}
