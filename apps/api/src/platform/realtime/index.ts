export { type ClientEventHandler, Connection } from './connection';
export { fromEventId, toEventId } from './event-id';
export { RealtimePlatformModule } from './realtime.module';
export { RealtimeEvents, type StoredRealtimeEvent } from './realtime-events.repository';
export { SocketHub } from './socket-hub';
