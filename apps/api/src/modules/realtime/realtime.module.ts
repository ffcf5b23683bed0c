import { Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { ConversationsModule } from '../conversations';
import { UsersModule } from '../users';
import { EventPump } from './event-pump.service';
import { Presence, PresenceSchema } from './presence.schema';
import { PresenceRepository } from './presence.repository';
import { PresenceService } from './presence.service';
import { RealtimeErasureStep } from './realtime-erasure.step';
import { RealtimeGateway } from './realtime.gateway';
import { SyncService } from './sync.service';
import { TypingService } from './typing.service';

/** Sockets: events as they happen, and what was missed. */
@Module({
  imports: [
    UsersModule,
    ConversationsModule,
    MongooseModule.forFeature([{ name: Presence.name, schema: PresenceSchema }]),
  ],
  providers: [
    RealtimeGateway,
    EventPump,
    PresenceService,
    PresenceRepository,
    TypingService,
    SyncService,
    RealtimeErasureStep,
  ],
})
export class RealtimeModule {}
