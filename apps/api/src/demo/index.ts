import type { NestFastifyApplication } from '@nestjs/platform-fastify';

/** What the demo data offer a newcomer. */
export interface DemoAccounts {
  readonly accounts: readonly { readonly role: string; readonly email: string; readonly password: string }[];
}

/** Loads the demo data. */
export async function loadDemoData(
  _app: NestFastifyApplication,
  _options: { onlyIfEmpty: boolean },
): Promise<DemoAccounts> {
  return Promise.resolve({ accounts: [] });
}
