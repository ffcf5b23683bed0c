import { type Role, userTypeOf } from '../common/enums';
import { displayName, type NamedAccount } from '../common/names';
import { notificationText } from '../modules/notifications';
import { demoId, type DemoDocument, type DemoId } from './demo.repository';

const READ_AFTER_MS = 4 * 86_400_000;

/** What the demo notifications speak of. */
export interface DemoFacts {
  readonly accounts: readonly DemoDocument[];
  readonly requests: readonly DemoDocument[];
  readonly appointments: readonly DemoDocument[];
  readonly messages: readonly DemoDocument[];
}

/** What happened, to whom it is told and who did it. */
interface Told {
  readonly about: DemoDocument;
  readonly to: 'patientId' | 'doctorId' | 'receiverId';
  readonly by: 'patientId' | 'doctorId' | 'senderId';
  readonly type: string;
  readonly event: string;
  readonly relatedId: DemoId;
  readonly at: Date;
  readonly severity?: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly dateTime?: Date;
  readonly collapseKey?: string;
  /** Read whatever its age. */
  readonly settled?: boolean;
}

/** The notifications that the server would have made of requests, bookings and unread messages; old ones are read. */
export function demoNotifications(facts: DemoFacts, now: Date): DemoDocument[] {
  const byId = new Map(facts.accounts.map((account) => [account._id.toHexString(), account]));
  const told = [
    ...facts.requests.flatMap(ofRequest),
    ...facts.appointments.flatMap(ofAppointment),
    ...facts.messages.flatMap(ofMessage),
  ];
  return told.map((item) => toDocument(item, byId, now));
}

function hex(document: DemoDocument, field: string): string {
  return (document[field] as DemoId).toHexString();
}

function ofRequest(request: DemoDocument): Told[] {
  const data = {
    requestId: hex(request, '_id'),
    patientId: hex(request, 'patientId'),
    doctorId: hex(request, 'doctorId'),
  };
  const base = { about: request, type: 'new_request', relatedId: request._id, data };
  const [toDoctor, toPatient] = [
    { to: 'doctorId', by: 'patientId' },
    { to: 'patientId', by: 'doctorId' },
  ] as const;
  const asked = { ...base, at: request['requestDate'] as Date };
  switch (`${String(request['requestType'])} ${String(request['status'])}`) {
    case 'patient_link pending':
      return [
        {
          ...asked,
          ...toDoctor,
          event: 'request_created',
          severity: request['urgentNote'] === '' ? 'info' : 'warning',
        },
      ];
    case 'patient_link accepted':
      return [
        { ...asked, ...toDoctor, event: 'request_created', settled: true },
        { ...base, ...toPatient, event: 'request_accepted', at: request['respondedAt'] as Date },
      ];
    case 'access_renewal pending':
      return [{ ...asked, ...toPatient, event: 'access_requested' }];
    default:
      return [];
  }
}

function ofAppointment(appointment: DemoDocument): Told[] {
  const base = {
    about: appointment,
    type: 'appointment',
    relatedId: appointment._id,
    data: {
      appointmentId: hex(appointment, '_id'),
      patientId: hex(appointment, 'patientId'),
      doctorId: hex(appointment, 'doctorId'),
    },
    dateTime: appointment['dateTime'] as Date,
  };
  const toDoctor = { to: 'doctorId', by: 'patientId' } as const;
  const toPatient = { to: 'patientId', by: 'doctorId' } as const;
  const isPending = appointment['status'] === 'Pending';
  const created = { ...base, ...toDoctor, event: 'created', at: appointment['createdAt'] as Date, settled: !isPending };
  const answered = { ...base, at: appointment['updatedAt'] as Date };
  switch (appointment['status']) {
    case 'Confirmed':
      return [created, { ...answered, ...toPatient, event: 'confirmed' }];
    case 'Completed':
      return [created, { ...answered, ...toPatient, event: 'completed' }];
    case 'Cancelled': {
      const told = appointment['cancelledBy'] === 'PATIENT' ? toDoctor : toPatient;
      return [created, { ...answered, ...told, event: 'cancelled', severity: 'warning' }];
    }
    default:
      return [created];
  }
}

function ofMessage(message: DemoDocument): Told[] {
  if (message['isRead'] === true) return [];
  const conversationId = hex(message, 'conversationId');
  return [
    {
      about: message,
      to: 'receiverId',
      by: 'senderId',
      type: 'message',
      event: 'message_received',
      relatedId: message['conversationId'] as DemoId,
      at: message['timestamp'] as Date,
      data: { conversationId, count: 1 },
      collapseKey: `message:${conversationId}`,
      settled: false,
    },
  ];
}

function toDocument(told: Told, accounts: ReadonlyMap<string, DemoDocument>, now: Date): DemoDocument {
  const owner = accounts.get(hex(told.about, told.to));
  const actorName = displayName(accounts.get(hex(told.about, told.by)) as NamedAccount | undefined);
  const text = notificationText(told.event, owner?.['locale'] === 'fr' ? 'fr' : 'en', {
    actor: actorName,
    zone: (owner?.['timeZone'] as string | undefined) ?? 'UTC',
    ...(told.dateTime === undefined ? {} : { dateTime: told.dateTime }),
  });
  const readAt = new Date(told.at.getTime() + READ_AFTER_MS / 8);
  const isRead = told.settled ?? told.at.getTime() < now.getTime() - READ_AFTER_MS;
  const _id = demoId(`notification:${told.event}:${hex(told.about, '_id')}`);
  return {
    _id,
    userId: told.about[told.to],
    userType: userTypeOf(owner?.['role'] as Role),
    type: told.type,
    ...text,
    body: text.message,
    data: { event: told.event, ...told.data },
    timestamp: told.at,
    isRead,
    ...(isRead ? { readAt } : {}),
    relatedId: told.relatedId,
    actorId: told.about[told.by],
    actorName,
    severity: told.severity ?? 'info',
    collapseKey: told.collapseKey ?? _id.toHexString(),
    createdAt: told.at,
    updatedAt: isRead ? readAt : told.at,
  };
}
