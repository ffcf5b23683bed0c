import { userTypeOf } from '../common/enums';
import { notificationText } from '../modules/notifications';
import { demoId, type DemoDocument } from './demo.repository';

type Id = DemoDocument['_id'];

/** What the demo notifications speak of. */
export interface DemoFacts {
  readonly accounts: readonly DemoDocument[];
  readonly requests: readonly DemoDocument[];
  readonly appointments: readonly DemoDocument[];
  readonly messages: readonly DemoDocument[];
}

interface Told {
  readonly key: string;
  readonly userId: Id;
  readonly actorId: Id;
  readonly type: string;
  readonly event: string;
  readonly relatedId: Id;
  readonly at: Date;
  readonly isRead: boolean;
  readonly severity: string;
  readonly data: Record<string, unknown>;
  readonly dateTime?: Date;
  readonly collapseKey?: string;
}

/** The notifications that the server would have made of the requests, bookings and unread messages. */
export function demoNotifications(facts: DemoFacts, now: Date): DemoDocument[] {
  const byId = new Map(facts.accounts.map((account) => [account._id.toHexString(), account]));
  const told: Told[] = [
    ...facts.requests.map(ofRequest),
    ...facts.appointments.flatMap((appointment) => ofAppointment(appointment, now)),
    ...facts.messages.flatMap(ofMessage),
  ];
  return told.map((item) => toDocument(item, byId));
}

function ofRequest(request: DemoDocument): Told {
  const [patientId, doctorId] = [request['patientId'] as Id, request['doctorId'] as Id];
  return {
    key: `request:${request._id.toHexString()}`,
    userId: doctorId,
    actorId: patientId,
    type: 'new_request',
    event: 'request_created',
    relatedId: request._id,
    at: request['requestDate'] as Date,
    isRead: false,
    severity: request['urgentNote'] === '' ? 'info' : 'warning',
    data: {
      requestId: request._id.toHexString(),
      patientId: patientId.toHexString(),
      doctorId: doctorId.toHexString(),
    },
  };
}

function ofAppointment(appointment: DemoDocument, now: Date): Told[] {
  const dateTime = appointment['dateTime'] as Date;
  if (dateTime <= now || appointment['status'] !== 'Pending') return [];
  const [patientId, doctorId] = [appointment['patientId'] as Id, appointment['doctorId'] as Id];
  return [
    {
      key: `appointment:${appointment._id.toHexString()}`,
      userId: doctorId,
      actorId: patientId,
      type: 'appointment',
      event: 'created',
      relatedId: appointment._id,
      at: appointment['createdAt'] as Date,
      isRead: false,
      severity: 'info',
      data: {
        appointmentId: appointment._id.toHexString(),
        patientId: patientId.toHexString(),
        doctorId: doctorId.toHexString(),
      },
      dateTime,
    },
  ];
}

function ofMessage(message: DemoDocument): Told[] {
  if (message['isRead'] === true) return [];
  const conversationId = message['conversationId'] as Id;
  return [
    {
      key: `message:${message._id.toHexString()}`,
      userId: message['receiverId'] as Id,
      actorId: message['senderId'] as Id,
      type: 'message',
      event: 'message_received',
      relatedId: conversationId,
      at: message['timestamp'] as Date,
      isRead: false,
      severity: 'info',
      data: { conversationId: conversationId.toHexString(), count: 1 },
      collapseKey: `message:${conversationId.toHexString()}`,
    },
  ];
}

function nameOf(account: DemoDocument | undefined): string {
  const full = `${String(account?.['prenom'])} ${String(account?.['nom'])}`;
  return account?.['role'] === 'MEDECIN' ? `Dr. ${full}` : full;
}

function toDocument(told: Told, accounts: ReadonlyMap<string, DemoDocument>): DemoDocument {
  const owner = accounts.get(told.userId.toHexString());
  const text = notificationText(told.event, owner?.['locale'] === 'fr' ? 'fr' : 'en', {
    actor: nameOf(accounts.get(told.actorId.toHexString())),
    zone: typeof owner?.['timeZone'] === 'string' ? owner['timeZone'] : 'UTC',
    ...(told.dateTime === undefined ? {} : { dateTime: told.dateTime }),
  });
  return {
    _id: demoId(`notification:${told.key}`),
    userId: told.userId,
    userType: userTypeOf(owner?.['role'] === 'MEDECIN' ? 'MEDECIN' : 'PATIENT'),
    type: told.type,
    ...text,
    body: text.message,
    data: { event: told.event, ...told.data },
    timestamp: told.at,
    isRead: told.isRead,
    relatedId: told.relatedId,
    severity: told.severity,
    collapseKey: told.collapseKey ?? demoId(`notification:${told.key}`).toHexString(),
    createdAt: told.at,
    updatedAt: told.at,
  };
}
