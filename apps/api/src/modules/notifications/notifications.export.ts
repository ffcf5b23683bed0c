import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type ExportItem, ExportSections } from '../users';
import { toNotification } from './notification.mapper';
import { NotificationsRepository } from './notifications.repository';

/** Notifications in a patient's export; those of professionals speak of patients. */
@Injectable()
export class NotificationsExport implements OnModuleInit {
  constructor(
    private readonly sections: ExportSections,
    private readonly repository: NotificationsRepository,
  ) {}

  onModuleInit(): void {
    this.sections.register({ key: 'notifications', roles: ['PATIENT'], items: ({ id }) => this.items(id) });
  }

  private async *items(userId: string): AsyncGenerator<ExportItem> {
    for await (const record of this.repository.allOf(userId)) yield { body: toNotification(record) };
  }
}
