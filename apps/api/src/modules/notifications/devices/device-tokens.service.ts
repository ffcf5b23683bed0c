import { Injectable } from '@nestjs/common';
import { type Actor, SessionRegistry } from '../../../access';
import { userTypeOf } from '../../../common/enums';
import { AppError } from '../../../common/errors';
import { Clock } from '../../../common/time';
import { LimitLocks, UnitOfWork } from '../../../platform/database';
import type { DeviceTokenBody, DeviceTokenResponse } from '../dto/device-token.dto';
import { DeviceTokensRepository } from './device-tokens.repository';

const MAX_DEVICES = 20;

/** The caller's devices, for pushes. */
@Injectable()
export class DeviceTokensService {
  constructor(
    private readonly repository: DeviceTokensRepository,
    private readonly sessions: SessionRegistry,
    private readonly locks: LimitLocks,
    private readonly work: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  /** Makes the token the caller's, whoever had it before. @throws AppError IDENTITY_MISMATCH */
  async register(actor: Actor, body: DeviceTokenBody): Promise<DeviceTokenResponse> {
    assertCaller(actor, body);
    const { id: userId, sessionId } = actor;
    const registration = { userId, sessionId, userType: userTypeOf(actor.role), token: body.fcmToken };
    await this.work.run(
      async (tx) => {
        await this.locks.take(tx, `device-tokens:${userId}`);
        await this.repository.register(tx, registration, this.clock.now());
        await this.repository.removeSurplus(tx, userId, MAX_DEVICES);
      },
      { lanes: [`device-tokens:${userId}`] },
    );
    // Signed out meanwhile: what removes the devices of ended sessions may have run before this one was stored.
    if ((await this.sessions.find(sessionId)) === null) await this.repository.remove(userId, body.fcmToken);
    return { success: true };
  }

  /** Nothing is sent to the token any more; one that is not the caller's is left alone. @throws AppError IDENTITY_MISMATCH */
  async remove(actor: Actor, body: DeviceTokenBody): Promise<DeviceTokenResponse> {
    assertCaller(actor, body);
    await this.repository.remove(actor.id, body.fcmToken);
    return { success: true };
  }
}

function assertCaller(actor: Actor, { userId, userType }: DeviceTokenBody): void {
  const other = userId !== undefined && userId !== actor.id;
  if (other || (userType !== undefined && userType !== userTypeOf(actor.role))) throw new AppError('IDENTITY_MISMATCH');
}
