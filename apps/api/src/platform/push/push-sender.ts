/** One push to one device. */
export interface Push {
  /** The device's address; never logged. */
  readonly token: string;
  readonly title: string;
  /** Tells the app what to fetch. */
  readonly type: string;
  /** A device shows one push per id: a repeated delivery takes the place of the first. */
  readonly collapseId: string;
  /** Wakes the device at once. */
  readonly urgent: boolean;
}

/** `gone`: the provider will never deliver to this token again. */
export type PushOutcome = 'sent' | 'gone';

/** The way out for pushes. */
export abstract class PushSender {
  /** Is there a provider? Without one nothing need be prepared. */
  abstract readonly enabled: boolean;

  /** Resolves once the provider has taken the push or refused its token. @throws when it did neither; the caller tries again later */
  abstract send(push: Push): Promise<PushOutcome>;
}
