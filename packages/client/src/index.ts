/** The public face of the client; everything else may change at any time. */
export { createClient, type ClientOptions, type DiabcareClient, type Registered } from './client.js';
export { DiabcareError, type ErrorCode, type LocalErrorCode } from './errors.js';
export { type CursorStore, memoryCursorStore } from './realtime/cursors.js';
export type { ClientEvents, EventMeta, Handler, RealtimeEvents } from './realtime/events.js';
export type { Realtime, RealtimeOptions } from './realtime/realtime.js';
export type { RetryOptions } from './retry.js';
export type { components, operations, paths } from './schema.generated.js';
export { memoryTokenStore, type Tokens, type TokenStore } from './tokens.js';
export type { Fetch } from './transport.js';
