import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type Actor, Sessions } from '../../access';
import { ROLES } from '../../common/enums';
import { type ExportItem, ExportSections } from '../users';
import { toSession } from './session.mapper';

/** Sessions that are still stored, in the export of their account. */
@Injectable()
export class SessionsExport implements OnModuleInit {
  constructor(
    private readonly sections: ExportSections,
    private readonly sessions: Sessions,
  ) {}

  onModuleInit(): void {
    this.sections.register({ key: 'sessions', roles: ROLES, items: (actor) => this.items(actor) });
  }

  private async *items(actor: Actor): AsyncGenerator<ExportItem> {
    for await (const session of this.sessions.allOf(actor.id))
      yield { body: { ...toSession(session, actor.sessionId), isActive: session.isActive } };
  }
}
