import { Injectable } from '@nestjs/common';
import type { Actor } from '../../../access';
import type { Role } from '../../../common/enums';

/** One element of an exported array; `nested` is an array inside it that is too long to hold in memory. */
export interface ExportItem {
  readonly body: object;
  readonly nested?: { readonly key: string; readonly items: AsyncIterable<object> };
}

/** One array of an export. */
export interface ExportSection {
  readonly key: ExportKey;
  /** Whose export has it filled; for others it is empty. */
  readonly roles: readonly Role[];
  /** Everything of the caller, the oldest first, one at a time. */
  readonly items: (actor: Actor) => AsyncIterable<ExportItem>;
}

/** The arrays of every export, in their order (contract 10 section 6). Those without data are empty. */
export const EXPORT_KEYS = [
  'glucose',
  'meals',
  'medicationRequests',
  'appointments',
  'careLinks',
  'patientRequests',
  'conversations',
  'notifications',
  'reviews',
  'ratings',
  'accessLog',
  'sessions',
  'alerts',
  'treatments',
  'imports',
  'devices',
] as const;
/** What a pharmacist's export has besides. */
export const PHARMACIST_EXPORT_KEYS = ['activities', 'boosts'] as const;
type ExportKey = (typeof EXPORT_KEYS)[number] | (typeof PHARMACIST_EXPORT_KEYS)[number];

/** What each module adds to the export of an account. Modules that hold data of accounts register theirs when they start. */
@Injectable()
export class ExportSections {
  private readonly sections = new Map<ExportKey, ExportSection>();

  register(section: ExportSection): void {
    this.sections.set(section.key, section);
  }

  /** The items of a key for the caller; null when there is nothing of that kind. */
  itemsOf(key: ExportKey, actor: Actor): AsyncIterable<ExportItem> | null {
    const section = this.sections.get(key);
    return section?.roles.includes(actor.role) === true ? section.items(actor) : null;
  }
}
