import type { Actor } from './actor';

/**
 * Proof that an actor may see one patient's data. Only `access/` makes one (the class is not exported from its index),
 * and repositories of patients' data demand one, so an unscoped read does not compile.
 */
export class PatientScopeProof {
  constructor(
    readonly actor: Actor,
    readonly patientId: string,
    /** How the right came about: the patient's own data, or an active care link with access on. */
    readonly via: 'self' | 'link',
  ) {}
}

/** See {@link PatientScopeProof}. */
export type PatientScope = PatientScopeProof;

/** The side of a shared resource (appointment, conversation) on which an account may stand. */
export type PartySide = 'patientId' | 'doctorId' | 'pharmacistId';

/** Proof that an actor asks as a party: repositories add `{ [side]: userId }` to every filter. */
export class PartyScopeProof {
  constructor(
    readonly actor: Pick<Actor, 'id' | 'role'>,
    readonly side: PartySide,
  ) {}

  /** The caller's id, the value that the side must have. */
  get userId(): string {
    return this.actor.id;
  }
}

/** See {@link PartyScopeProof}. */
export type PartyScope = PartyScopeProof;

/** The scope of a caller over resources that name it as a party. An ADMIN is never one; routes refuse that role before. */
export function partyScope(actor: Pick<Actor, 'id' | 'role'>): PartyScope {
  if (actor.role === 'PATIENT') return new PartyScopeProof(actor, 'patientId');
  return new PartyScopeProof(actor, actor.role === 'MEDECIN' ? 'doctorId' : 'pharmacistId');
}

/** The space of a patient who asks for own data. @throws Error for any other role: routes refuse those before */
export function ownScope(actor: Actor): PatientScope {
  if (actor.role !== 'PATIENT') throw new Error('Only a patient has a space of their own');
  return new PatientScopeProof(actor, actor.id, 'self');
}
