import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Collection } from 'mongodb';
import type { Model } from 'mongoose';
import { SocketEvent } from './realtime-event.schema';

/** Where the adapter of Socket.IO writes what instances tell each other. */
@Injectable()
export class SocketEvents {
  constructor(@InjectModel(SocketEvent.name) private readonly model: Model<SocketEvent>) {}

  /** The driver's collection, which the adapter reads and watches by itself. */
  get collection(): Collection {
    return this.model.collection;
  }
}
