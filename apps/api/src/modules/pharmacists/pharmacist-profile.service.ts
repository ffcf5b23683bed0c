import { Injectable } from '@nestjs/common';
import type { Actor, TokenPair } from '../../access';
import { AppError } from '../../common/errors';
import {
  type AccountChange,
  type AccountRecord,
  AccountUpdates,
  type AccountView,
  inventoryFields,
  inventoryKey,
  MAX_INVENTORY,
  placeChange,
  UsersService,
} from '../users';
import type { PharmacistPatch, SettingsBody } from './dto/pharmacist-patch.dto';
import type { WorkingHours } from './dto/working-hours.dto';
import { weekOf } from './working-hours.policy';

/** Pharmacists at their own profile and inventory. */
@Injectable()
export class PharmacistProfile {
  constructor(
    private readonly updates: AccountUpdates,
    private readonly users: UsersService,
  ) {}

  /** @throws AppError FIELD_NOT_ALLOWED, INVENTORY_FULL, CURRENT_PASSWORD_*, WEAK_PASSWORD, PRECONDITION_FAILED */
  async update(actor: Actor, patch: PharmacistPatch): Promise<AccountView & Partial<TokenPair>> {
    const { motDePasse, currentPassword, statutCompte, ...rest } = patch;
    const { account, tokens } = await this.updates.apply(actor, actor.id, (stored) => {
      if (statutCompte !== undefined && statutCompte !== stored.statutCompte) throw new AppError('FIELD_NOT_ALLOWED');
      return {
        fields: fieldsOf(stored, rest),
        ...(motDePasse === undefined ? {} : { newPassword: motDePasse }),
        ...(currentPassword === undefined ? {} : { currentPassword }),
      };
    });
    return { ...(await this.users.view(account)), ...tokens };
  }

  /** Adds to the inventory; an entry that is there changes nothing. @throws AppError INVENTORY_FULL */
  addMedicine(actor: Actor, medicine: string): Promise<AccountView> {
    return this.change(actor, ({ listeMedicamentsDisponibles: entries = [] }) =>
      entries.some((entry) => inventoryKey(entry) === inventoryKey(medicine))
        ? {}
        : inventoryOf([...entries, medicine]),
    );
  }

  /** Takes from the inventory, whatever the case; one that is not there changes nothing. */
  removeMedicine(actor: Actor, medicine: string): Promise<AccountView> {
    const key = inventoryKey(medicine.normalize('NFC').trim());
    return this.change(actor, ({ listeMedicamentsDisponibles: entries = [] }) => {
      const left = entries.filter((entry) => inventoryKey(entry) !== key);
      return left.length === entries.length ? {} : inventoryFields(left);
    });
  }

  /** @throws AppError VALIDATION_FAILED */
  setHours(actor: Actor, hours: WorkingHours): Promise<AccountView> {
    const workingHours = weekOf(hours);
    return this.change(actor, () => ({ workingHours }));
  }

  flipDuty(actor: Actor): Promise<AccountView> {
    return this.change(actor, (stored) => ({ isOnDuty: !(stored.isOnDuty ?? false) }));
  }

  setDuty(actor: Actor, isOnDuty: boolean): Promise<AccountView> {
    return this.change(actor, () => ({ isOnDuty }));
  }

  /** What is left out stays. */
  setSettings(actor: Actor, settings: SettingsBody): Promise<AccountView> {
    return this.change(actor, () => ({ ...settings }));
  }

  private async change(actor: Actor, compute: (stored: AccountRecord) => AccountChange): Promise<AccountView> {
    const { account } = await this.updates.apply(actor, actor.id, (stored) => ({ fields: compute(stored) }));
    return this.users.view(account);
  }
}

type ProfileFields = Omit<PharmacistPatch, 'motDePasse' | 'currentPassword' | 'statutCompte'>;

function fieldsOf(stored: AccountRecord, patch: ProfileFields): AccountChange {
  const { latitude, longitude, location, workingHours, listeMedicamentsDisponibles, servicesProposes, ...rest } = patch;
  return {
    ...rest,
    ...placeChange(stored, {
      ...(latitude === undefined ? {} : { latitude }),
      ...(longitude === undefined ? {} : { longitude }),
      ...(location === undefined ? {} : { location }),
    }),
    ...(workingHours === undefined ? {} : { workingHours: weekOf(workingHours) }),
    ...(servicesProposes === undefined ? {} : { servicesProposes: servicesProposes ?? [] }),
    ...(listeMedicamentsDisponibles === undefined ? {} : inventoryOf(listeMedicamentsDisponibles ?? [])),
  };
}

/** @throws AppError INVENTORY_FULL */
function inventoryOf(entries: readonly string[]): ReturnType<typeof inventoryFields> {
  const inventory = inventoryFields(entries);
  if (inventory.listeMedicamentsDisponibles.length > MAX_INVENTORY) throw new AppError('INVENTORY_FULL');
  return inventory;
}
