import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Actor } from '../../access';
import { type ExportItem, ExportSections } from '../users';
import { toReading } from './reading.mapper';
import { ReadingsRepository } from './readings.repository';

/** Readings in the export of their patient. */
@Injectable()
export class GlucoseExport implements OnModuleInit {
  constructor(
    private readonly sections: ExportSections,
    private readonly readings: ReadingsRepository,
  ) {}

  onModuleInit(): void {
    this.sections.register({ key: 'glucose', roles: ['PATIENT'], items: (actor) => this.items(actor) });
  }

  private async *items(actor: Actor): AsyncGenerator<ExportItem> {
    for await (const record of this.readings.allOf(actor.id)) yield { body: toReading(record) };
  }
}
