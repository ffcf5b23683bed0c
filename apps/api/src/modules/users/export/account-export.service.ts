import { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { type Actor, AuditTrail } from '../../../access';
import { AppError } from '../../../common/errors';
import { Clock, localDay } from '../../../common/time';
import { toPrivateView } from '../account.mapper';
import { type AccountRecord, AccountsRepository } from '../accounts.repository';
import { RunningBoosts } from '../running-boosts';
import { EXPORT_KEYS, type ExportItem, ExportSections, PHARMACIST_EXPORT_KEYS } from './export-sections';

const CHUNK_CHARACTERS = 16_384;

/** An export on its way out. */
export interface AccountExport {
  readonly fileName: string;
  readonly content: Readable;
}

/** Everything that is stored of an account, as one JSON document that is written while it is read. */
@Injectable()
export class AccountExporter {
  constructor(
    private readonly accounts: AccountsRepository,
    private readonly sections: ExportSections,
    private readonly boosts: RunningBoosts,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  /** The caller's export; the day in the file name is theirs. */
  async export(actor: Actor): Promise<AccountExport> {
    const account = await this.accounts.findById(actor.id);
    if (account === null) throw new AppError('SESSION_REVOKED');
    await this.audit.record({
      action: 'user.exported',
      actor,
      resource: 'user',
      resourceId: actor.id,
      ...(actor.role === 'PATIENT' ? { patientId: actor.id } : {}),
    });
    const now = this.clock.now();
    return {
      fileName: `diabcare-export-${localDay(now, account.timeZone)}.json`,
      content: Readable.from(inChunks(this.write(actor, account, now))),
    };
  }

  private async *write(actor: Actor, account: AccountRecord, now: Date): AsyncGenerator<string> {
    const boost = actor.role === 'PHARMACIEN' ? (await this.boosts.of([actor.id])).get(actor.id) : undefined;
    const user = JSON.stringify(toPrivateView(account, { boost }));
    yield `{"formatVersion":1,"exportedAt":${JSON.stringify(now)},"user":${user}`;
    const keys = actor.role === 'PHARMACIEN' ? [...EXPORT_KEYS, ...PHARMACIST_EXPORT_KEYS] : EXPORT_KEYS;
    for (const key of keys) {
      yield `,"${key}":[`;
      const items = this.sections.itemsOf(key, actor);
      if (items !== null) yield* writeItems(items);
      yield ']';
    }
    yield '}\n';
  }
}

async function* writeItems(items: AsyncIterable<ExportItem>): AsyncGenerator<string> {
  let separator = '';
  for await (const { body, nested } of items) {
    const written = JSON.stringify(body);
    if (nested === undefined) yield separator + written;
    else {
      yield `${separator}${written.slice(0, -1)},${JSON.stringify(nested.key)}:[`;
      let inner = '';
      for await (const item of nested.items) {
        yield inner + JSON.stringify(item);
        inner = ',';
      }
      yield ']}';
    }
    separator = ',';
  }
}

/** Small pieces joined to fewer larger ones; never more than one of them in memory. */
async function* inChunks(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  let chunk = '';
  for await (const piece of pieces) {
    chunk += piece;
    if (chunk.length < CHUNK_CHARACTERS) continue;
    yield chunk;
    chunk = '';
  }
  if (chunk !== '') yield chunk;
}
