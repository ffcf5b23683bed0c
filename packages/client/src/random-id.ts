/** A random UUID (version 4). `crypto.randomUUID` would do, but browsers have it on secure pages only. */
export function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  // RFC 9562 section 5.4: the 13th digit is the version, the 17th begins with the bits 10
  const variant = '89ab'[(bytes[8] ?? 0) & 3] ?? '8';
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, variant + hex.slice(17, 20), hex.slice(20)].join(
    '-',
  );
}
