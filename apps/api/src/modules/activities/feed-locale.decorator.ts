import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Locale } from '../../common/enums';
import { feedLocale } from './relative-time.policy';

interface Spoken {
  readonly headers: { readonly 'accept-language'?: string };
}

/** The language of relative times in this response. */
export const FeedLocale = createParamDecorator((_data: unknown, execution: ExecutionContext): Locale => {
  return feedLocale(execution.switchToHttp().getRequest<Spoken>().headers['accept-language']);
});
