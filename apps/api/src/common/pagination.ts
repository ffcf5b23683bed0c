/** Bounds of `page`; `limit` is clamped, never refused, above its maximum (contract 00 section 6). */
export const MAX_PAGE = 10_000;
/** Most elements of a page, unless a row names another maximum. */
export const MAX_LIMIT = 100;

/** The page a caller asked for, after defaults and clamping. */
export interface PageRequest {
  readonly page: number;
  readonly limit: number;
}

/** The page envelope of every list that is not an array. */
export interface Page<T> {
  readonly data: T[];
  readonly total: number;
  readonly page: number;
  readonly limit: number;
  readonly totalPages: number;
}

/** Builds the envelope; a page past the end has empty data and the true total. */
export function pageOf<T>(data: T[], total: number, request: PageRequest): Page<T> {
  return { data, total, page: request.page, limit: request.limit, totalPages: Math.ceil(total / request.limit) };
}

/** The page of a query DTO, with the row's own default and maximum. */
export function pageRequest(
  query: { page?: number; limit?: number },
  defaultLimit = 10,
  maxLimit = MAX_LIMIT,
): PageRequest {
  return { page: query.page ?? 1, limit: Math.min(query.limit ?? defaultLimit, maxLimit) };
}
