import { Global, Module } from '@nestjs/common';
import { Clock } from '../../common/time';
import { APP_CONFIG, type AppConfig } from '../../config/app-config';
import { readFcmCredentials } from './fcm-credentials';
import { FcmPushSender } from './fcm-push-sender';
import { NoPushSender } from './no-push-sender';
import { PushSender } from './push-sender';

async function makeSender(config: AppConfig, clock: Clock): Promise<PushSender> {
  const { provider, fcmCredentials } = config.push;
  if (provider === 'none' || fcmCredentials === null) return new NoPushSender();
  return new FcmPushSender(await readFcmCredentials(fcmCredentials), clock);
}

/** Pushes to devices, by the provider of PUSH_PROVIDER. */
@Global()
@Module({
  providers: [{ provide: PushSender, inject: [APP_CONFIG, Clock], useFactory: makeSender }],
  exports: [PushSender],
})
export class PushModule {}
