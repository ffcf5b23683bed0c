/** 128 random bits as 32 hexadecimal digits. `randomUUID` would do, but browsers have it on secure pages only. */
export function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
