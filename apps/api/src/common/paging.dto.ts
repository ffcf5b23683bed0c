import { MAX_LIMIT, MAX_PAGE } from './pagination';
import { Int } from './validation';

/** "+ paging" of the contract: `page` and `limit`; a larger limit is clamped by `pageRequest`, not refused. */
export class PagingQuery {
  @Int({ optional: true, min: 1, max: MAX_PAGE, default: 1, description: 'Page, from 1' })
  page?: number;

  @Int({ optional: true, min: 1, description: `Elements per page; values above ${MAX_LIMIT} are clamped` })
  limit?: number;
}
