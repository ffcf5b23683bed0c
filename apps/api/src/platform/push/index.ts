export { PushModule } from './push.module';
export { PushSender } from './push-sender';
