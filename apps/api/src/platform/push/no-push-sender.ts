import { type PushOutcome, PushSender } from './push-sender';

/** PUSH_PROVIDER=none: nothing is sent. */
export class NoPushSender extends PushSender {
  override readonly enabled = false;

  override send(): Promise<PushOutcome> {
    return Promise.resolve('sent');
  }
}
