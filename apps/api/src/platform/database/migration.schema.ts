import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';

/** One applied migration, or (named `lock`) the lease of the instance that migrates and builds indexes. */
@Schema({ collection: 'schemamigrations', versionKey: false, minimize: false })
export class SchemaMigration {
  @Prop({ type: String, required: true })
  name!: string;

  @Prop({ type: Date })
  appliedAt?: Date;

  @Prop({ type: Number })
  durationMs?: number;

  @Prop({ type: Object })
  counts?: Record<string, number>;

  @Prop({ type: String })
  lockedBy?: string;

  @Prop({ type: Date })
  lockedUntil?: Date;
}

export const SchemaMigrationSchema = SchemaFactory.createForClass(SchemaMigration);
SchemaMigrationSchema.index({ name: 1 }, { unique: true, name: 'schemamigrations_name' });
