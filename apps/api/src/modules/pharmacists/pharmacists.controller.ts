import { Controller, Delete, Get, Param, Patch, Post, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor, Endpoint, IdParam, MessageResponse } from '../../access';
import { BodyDto, QueryDto } from '../../platform/http';
import { NoteBody } from '../user-ratings';
import { AccountErasure, AccountResponse, ErasureBody, PatchedAccountResponse } from '../users';
import { DutyBody, MedicineBody, PharmacistPatch, SettingsBody } from './dto/pharmacist-patch.dto';
import {
  MedicineQuery,
  NearbyPharmacy,
  NearbyQuery,
  PharmaciesQuery,
  PharmacyPage,
  PharmacyResponse,
} from './dto/pharmacist.dto';
import { WorkingHoursBody } from './dto/working-hours.dto';
import { PharmacistProfile } from './pharmacist-profile.service';
import { PharmacistsService } from './pharmacists.service';
import { PharmacyNotes } from './pharmacy-notes.service';

const OWN = { param: 'id', self: ['PHARMACIEN'] } as const;

/** Pharmacies, and their profile at their own desk. */
@ApiTags('pharmacists')
@Controller('pharmaciens')
export class PharmacistsController {
  constructor(
    private readonly pharmacists: PharmacistsService,
    private readonly profile: PharmacistProfile,
    private readonly notes: PharmacyNotes,
    private readonly erasure: AccountErasure,
  ) {}

  @Get('nearby')
  @Endpoint('GET', {
    summary: 'Pharmacies around a place, nearest first, at most 20',
    roles: 'public',
    response: [NearbyPharmacy],
  })
  nearby(@QueryDto() query: NearbyQuery) {
    return this.pharmacists.nearby(query);
  }

  @Get()
  @Endpoint('GET', { summary: 'Pharmacies, best noted first', roles: 'any', response: PharmacyPage })
  list(@CurrentActor() actor: Actor, @QueryDto() query: PharmaciesQuery) {
    return this.pharmacists.list(actor, query);
  }

  @Get('search/medicament')
  @Endpoint('GET', {
    summary: 'Pharmacies that have a medicine',
    description: '`listeMedicamentsDisponibles` holds the matching entries.',
    roles: 'any',
    response: PharmacyPage,
  })
  search(@CurrentActor() actor: Actor, @QueryDto() query: MedicineQuery) {
    return this.pharmacists.searchMedicine(actor, query);
  }

  @Get(':id')
  @Endpoint('GET', {
    summary: 'A pharmacy; the private view for self and ADMIN',
    roles: 'any',
    response: AccountResponse,
    errors: ['INVALID_ID', 'NOT_FOUND'],
    etag: true,
  })
  get(@CurrentActor() actor: Actor, @IdParam('id') id: string) {
    return this.pharmacists.get(actor, id);
  }

  @Patch(':id')
  @Endpoint('PATCH', {
    summary: 'Changes the own profile',
    description: 'A new password needs currentPassword and ends all sessions; the response carries new tokens.',
    roles: ['PHARMACIEN'],
    space: OWN,
    response: PatchedAccountResponse,
    errors: [
      'FIELD_NOT_ALLOWED',
      'CURRENT_PASSWORD_REQUIRED',
      'CURRENT_PASSWORD_WRONG',
      'WEAK_PASSWORD',
      'LOGIN_LOCKED',
      'INVENTORY_FULL',
    ],
    etag: true,
  })
  update(@CurrentActor() actor: Actor, @BodyDto() patch: PharmacistPatch) {
    return this.profile.update(actor, patch);
  }

  @Delete(':id')
  @Endpoint('DELETE', {
    summary: "Erases a pharmacist's account",
    roles: ['PHARMACIEN', 'ADMIN'],
    space: { param: 'id', self: ['PHARMACIEN'], open: ['ADMIN'] },
    response: MessageResponse,
    errors: ['NOT_FOUND', 'REAUTHENTICATION_REQUIRED', 'CURRENT_PASSWORD_WRONG', 'LOGIN_LOCKED'],
  })
  erase(@CurrentActor() actor: Actor, @IdParam('id') id: string, @BodyDto() body: ErasureBody) {
    return this.erasure.erase(actor, id, { ...body, role: 'PHARMACIEN' });
  }

  @Post(':id/medicaments')
  @Endpoint('POST', {
    summary: 'Adds a medicine to the inventory',
    roles: ['PHARMACIEN'],
    space: OWN,
    response: AccountResponse,
    errors: ['INVENTORY_FULL', 'CONCURRENT_UPDATE'],
  })
  addMedicine(@CurrentActor() actor: Actor, @BodyDto() body: MedicineBody) {
    return this.profile.addMedicine(actor, body.medicament);
  }

  @Delete(':id/medicaments/:medicament')
  @Endpoint('DELETE', {
    summary: 'Takes a medicine from the inventory',
    roles: ['PHARMACIEN'],
    space: OWN,
    textParams: ['medicament'],
    response: AccountResponse,
    errors: ['CONCURRENT_UPDATE'],
  })
  removeMedicine(@CurrentActor() actor: Actor, @Param('medicament') medicament: string) {
    return this.profile.removeMedicine(actor, medicament);
  }

  @Patch(':id/note')
  @Endpoint('PATCH', {
    summary: "Sets the caller's note of a pharmacy",
    roles: ['PATIENT'],
    response: PharmacyResponse,
    errors: ['INVALID_ID', 'NOT_FOUND', 'RATING_NOT_ALLOWED'],
    etag: true,
  })
  note(@CurrentActor() actor: Actor, @IdParam('id') id: string, @BodyDto() body: NoteBody) {
    return this.notes.set(actor, id, body.note);
  }

  @Put(':id/working-hours')
  @Endpoint('PUT', {
    summary: 'Sets the opening hours',
    roles: ['PHARMACIEN'],
    space: OWN,
    response: AccountResponse,
    errors: ['CONCURRENT_UPDATE'],
  })
  setHours(@CurrentActor() actor: Actor, @BodyDto() body: WorkingHoursBody) {
    return this.profile.setHours(actor, body.workingHours);
  }

  @Put(':id/duty')
  @Endpoint('PUT', {
    summary: 'Flips whether the pharmacy is on duty',
    roles: ['PHARMACIEN'],
    space: OWN,
    response: AccountResponse,
    errors: ['CONCURRENT_UPDATE'],
  })
  flipDuty(@CurrentActor() actor: Actor) {
    return this.profile.flipDuty(actor);
  }

  @Put(':id/status')
  @Endpoint('PUT', {
    summary: 'Says whether the pharmacy is on duty',
    roles: ['PHARMACIEN'],
    space: OWN,
    response: AccountResponse,
    errors: ['CONCURRENT_UPDATE'],
  })
  setDuty(@CurrentActor() actor: Actor, @BodyDto() body: DutyBody) {
    return this.profile.setDuty(actor, body.isOnDuty);
  }

  @Put(':id/settings')
  @Endpoint('PUT', {
    summary: 'Changes notifications and radius; what is left out stays',
    roles: ['PHARMACIEN'],
    space: OWN,
    response: AccountResponse,
    errors: ['CONCURRENT_UPDATE'],
  })
  setSettings(@CurrentActor() actor: Actor, @BodyDto() body: SettingsBody) {
    return this.profile.setSettings(actor, body);
  }
}
