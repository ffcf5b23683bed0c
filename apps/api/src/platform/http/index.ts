export { AllExceptionsFilter, respondWithError } from './exception.filter';
export { HttpModule } from './http.module';
export { IdempotencyService } from './idempotency/idempotency.service';
export { Idempotent } from './idempotency/idempotent.decorator';
export { parseJsonBody } from './json-body';
export { assertVersion, demandedVersion, showsVersion } from './optimistic-lock';
export { type RateLimit, RateLimits } from './rate-limits/rate-limits';
export { contextOf, installRequestHooks } from './request-hooks';
export { BodyDto, QueryDto } from './validation.pipe';
