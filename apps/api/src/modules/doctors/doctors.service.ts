import { Injectable } from '@nestjs/common';
import { type Actor, AuditTrail, CareLinks } from '../../access';
import { AppError } from '../../common/errors';
import { type Page, pageOf, pageRequest } from '../../common/pagination';
import { currentContext } from '../../platform/context/request-context';
import { showsVersion } from '../../platform/http';
import {
  type AccountRecord,
  AccountsRepository,
  type AccountView,
  toDoctorView,
  UsersService,
  withoutImages,
} from '../users';
import { DoctorOutlines } from './doctor-outlines.service';
import { DoctorsRepository } from './doctors.repository';
import type { DoctorsQuery, MyDoctorItem } from './dto/doctor.dto';

const MAX_MY_DOCTORS = 100;

/** Doctors as others see them. */
@Injectable()
export class DoctorsService {
  constructor(
    private readonly doctors: DoctorsRepository,
    private readonly outlines: DoctorOutlines,
    private readonly accounts: AccountsRepository,
    private readonly users: UsersService,
    private readonly links: CareLinks,
    private readonly audit: AuditTrail,
  ) {}

  async list(actor: Actor, query: DoctorsQuery): Promise<Page<AccountView>> {
    const request = pageRequest(query);
    const filter = {
      specialite: query.specialite ?? null,
      search: query.search ?? null,
      disponible: query.disponible ?? null,
      onlyActive: actor.role !== 'ADMIN',
    };
    const ids = await this.outlines.matching(filter);
    const skip = (request.page - 1) * request.limit;
    const doctors = await this.doctors.inOrder(ids.slice(skip, skip + request.limit));
    return pageOf(
      doctors.map((doctor) => withoutImages(toDoctorView(doctor))),
      ids.length,
      request,
    );
  }

  /**
   * A doctor's profile; one that is not ACTIF is seen by self, ADMIN and linked patients only.
   * @throws AppError NOT_FOUND
   */
  async get(actor: Actor, id: string): Promise<AccountView> {
    const doctor = await this.accounts.findByRole(id, 'MEDECIN');
    if (doctor === null) throw new AppError('NOT_FOUND');
    if (actor.id === id) return this.users.view(doctor);
    if (actor.role === 'ADMIN') {
      await this.audit.record({ action: 'user.read', actor, resource: 'user', resourceId: id });
      return this.users.view(doctor);
    }
    if (doctor.statutCompte !== 'ACTIF' && !(await this.isLinkedPatient(actor, id))) throw new AppError('NOT_FOUND');
    showsVersion(doctor.__v);
    return toDoctorView(doctor);
  }

  /** The patient's doctors, newest link first, at most 100. */
  async listMine(actor: Actor): Promise<MyDoctorItem[]> {
    const links = await this.links.ofPatient(actor.id, MAX_MY_DOCTORS + 1);
    const context = currentContext();
    if (context !== undefined && links.length > MAX_MY_DOCTORS) context.truncated = true;
    const shown = links.slice(0, MAX_MY_DOCTORS);
    const doctors = new Map(
      (await this.accounts.findMany(shown.map((link) => link.doctorId))).map((doctor) => [
        doctor._id.toHexString(),
        doctor,
      ]),
    );
    return shown.flatMap((link) => {
      const doctor = doctors.get(link.doctorId);
      return doctor === undefined ? [] : [toMyDoctor(doctor, link)];
    });
  }

  private async isLinkedPatient(actor: Actor, doctorId: string): Promise<boolean> {
    return actor.role === 'PATIENT' && (await this.links.find(actor.id, doctorId)) !== null;
  }
}

const MY_DOCTOR_FIELDS = [
  '_id',
  'role',
  'nom',
  'prenom',
  'email',
  'telephone',
  'specialite',
  'clinique',
  'adresseCabinet',
  'description',
  'noteMoyenne',
  'photoProfil',
  'disponible',
];

function toMyDoctor(doctor: AccountRecord, link: { accessEnabled: boolean; since: Date }): MyDoctorItem {
  const view = Object.entries(withoutImages(toDoctorView(doctor))).filter(([key]) => MY_DOCTOR_FIELDS.includes(key));
  return {
    ...(Object.fromEntries(view) as unknown as MyDoctorItem),
    accessEnabled: link.accessEnabled,
    since: link.since,
  };
}
