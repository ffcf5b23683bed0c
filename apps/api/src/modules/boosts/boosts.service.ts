import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { Actor } from '../../access';
import { AppError } from '../../common/errors';
import { Clock } from '../../common/time';
import { APP_CONFIG, type AppConfig } from '../../config/app-config';
import { currentContext } from '../../platform/context/request-context';
import { LimitLocks, UnitOfWork } from '../../platform/database';
import { PharmacyLedger } from '../activities';
import { type RunningBoost, RunningBoosts } from '../users';
import { BOOST_MACHINE } from './boost.machine';
import { toBoost } from './boost.mapper';
import { assertStart, boostEnd, effectiveStatus } from './boost.policy';
import { type BoostRecord, BoostsRepository } from './boosts.repository';
import type { BoostResponse, CreateBoost, CreatedBoostResponse } from './dto/boost.dto';

const DEFAULT_RADIUS_KM = 5;
const MAX_LISTED = 100;

/** Boosts at a pharmacy's own desk, and which of them run now. */
@Injectable()
export class BoostsService implements OnModuleInit {
  constructor(
    private readonly boosts: BoostsRepository,
    private readonly shown: RunningBoosts,
    private readonly ledger: PharmacyLedger,
    private readonly locks: LimitLocks,
    private readonly work: UnitOfWork,
    private readonly clock: Clock,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {}

  onModuleInit(): void {
    this.shown.register(async (ids) => byPharmacy(await this.boosts.running(ids, this.clock.now())));
  }

  /** @throws AppError IDENTITY_MISMATCH, VALIDATION_FAILED, BOOST_OVERLAP */
  async create(actor: Actor, body: CreateBoost): Promise<CreatedBoostResponse> {
    if (body.pharmacyId !== undefined && body.pharmacyId !== actor.id) throw new AppError('IDENTITY_MISMATCH');
    const { boostType } = body;
    const now = this.clock.now();
    const startsAt = body.startsAt?.date ?? now;
    assertStart(startsAt, now);
    const expiresAt = boostEnd(boostType, startsAt);
    const price = this.config.care.boostPrices[boostType];
    const radiusKm = body.radiusKm ?? DEFAULT_RADIUS_KM;
    const paymentStatus = price === 0 ? 'paid' : 'pending';
    return this.work.respond(
      async (tx) => {
        await this.locks.take(tx, `boosts:${actor.id}`);
        if (await this.boosts.overlaps(tx, actor.id, startsAt, expiresAt)) throw new AppError('BOOST_OVERLAP');
        const fields = {
          pharmacyId: actor.id,
          boostType,
          price,
          radiusKm,
          startsAt,
          expiresAt,
          paymentStatus,
        } as const;
        const boost = toBoost(await this.boosts.insert(tx, fields, now), now);
        await this.ledger.record(tx, {
          pharmacyId: actor.id,
          activityType: 'boost_activated',
          description:
            currentContext()?.locale === 'fr' ? `Boost activé : ${boostType}` : `Boost activated: ${boostType}`,
          eventKey: boost._id,
          amount: price,
          metadata: { boostType, startsAt, expiresAt, radiusKm },
          at: now,
        });
        return { ...boost, boost };
      },
      { lanes: [`boosts:${actor.id}`, `account:${actor.id}`] },
    );
  }

  /** The pharmacy's boosts, newest first, at most 100. */
  async list(actor: Actor): Promise<BoostResponse[]> {
    const found = await this.boosts.ofPharmacy(actor.id, MAX_LISTED + 1);
    const context = currentContext();
    if (context !== undefined && found.length > MAX_LISTED) context.truncated = true;
    const now = this.clock.now();
    return found.slice(0, MAX_LISTED).map((boost) => toBoost(boost, now));
  }

  /** The boost that runs now. @throws AppError NO_ACTIVE_BOOST */
  async active(actor: Actor): Promise<BoostResponse> {
    const now = this.clock.now();
    const [boost] = await this.boosts.running([actor.id], now);
    if (boost === undefined) throw new AppError('NO_ACTIVE_BOOST');
    return toBoost(boost, now);
  }

  /** @throws AppError NOT_FOUND, ILLEGAL_TRANSITION */
  async cancel(actor: Actor, id: string): Promise<BoostResponse> {
    return this.work.run(
      async (tx) => {
        const now = this.clock.now();
        const boost = await this.boosts.findOwn(tx, actor.id, id);
        if (boost === null) throw new AppError('NOT_FOUND');
        const from = effectiveStatus(boost, now);
        const cancelled = BOOST_MACHINE.can(from, 'cancelled')
          ? await this.boosts.move(tx, boost, BOOST_MACHINE.sourcesOf('cancelled'), 'cancelled', now)
          : null;
        if (cancelled === null) throw new AppError('ILLEGAL_TRANSITION', { details: { from, to: 'cancelled' } });
        return toBoost(cancelled, now);
      },
      { lanes: [`boosts:${actor.id}`] },
    );
  }

  /** The running boosts of all pharmacies, by pharmacy. */
  async allRunning(): Promise<ReadonlyMap<string, RunningBoost>> {
    return byPharmacy(await this.boosts.allRunning(this.clock.now()));
  }
}

function byPharmacy(boosts: readonly BoostRecord[]): Map<string, RunningBoost> {
  return new Map(
    boosts.map(({ pharmacyId, boostType, expiresAt, radiusKm }) => [
      pharmacyId.toHexString(),
      { boostType, expiresAt, radiusKm },
    ]),
  );
}
