const encoder = new TextEncoder();
const known = new Map<string, Uint8Array>();
const knownMax = 4096;

/** A string's bytes. Names come again and again, so those of short strings are kept. */
export function utf8(text: string): Uint8Array {
  let bytes = known.get(text);
  if (bytes !== undefined) return bytes;
  bytes = encoder.encode(text);
  if (bytes.length <= 64 && known.size < knownMax) known.set(text, bytes);
  return bytes;
}
