import { Global, Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { IdempotencyRepository } from './idempotency/idempotency.repository';
import { IdempotencyKey, IdempotencyKeySchema } from './idempotency/idempotency.schema';
import { IdempotencyService } from './idempotency/idempotency.service';
import { PublicAddress } from './public-address';
import { RateLimitRepository } from './rate-limits/rate-limit.repository';
import { RateLimitCounter, RateLimitCounterSchema } from './rate-limits/rate-limit.schema';
import { RateLimits } from './rate-limits/rate-limits';

/** Idempotency keys and rate limits, for every module. */
@Global()
@Module({
  imports: [
    MongooseModule.forFeature([
      { name: IdempotencyKey.name, schema: IdempotencyKeySchema },
      { name: RateLimitCounter.name, schema: RateLimitCounterSchema },
    ]),
  ],
  providers: [IdempotencyRepository, IdempotencyService, RateLimitRepository, RateLimits, PublicAddress],
  exports: [IdempotencyService, RateLimits, PublicAddress],
})
export class HttpModule {}
