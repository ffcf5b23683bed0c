import { Global, Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { RealtimeEvent, RealtimeEventSchema, SocketEvent, SocketEventSchema } from './realtime-event.schema';
import { RealtimeEvents } from './realtime-events.repository';
import { SocketEvents } from './socket-events.repository';
import { SocketHub } from './socket-hub';

/** Durable events of users, and the sockets that show them. */
@Global()
@Module({
  imports: [
    MongooseModule.forFeature([
      { name: RealtimeEvent.name, schema: RealtimeEventSchema },
      { name: SocketEvent.name, schema: SocketEventSchema },
    ]),
  ],
  providers: [RealtimeEvents, SocketEvents, SocketHub],
  exports: [RealtimeEvents, SocketHub],
})
export class RealtimePlatformModule {}
