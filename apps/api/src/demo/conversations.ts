import { firstCodePoints } from '../common/text';
import { patientKey, userId } from './accounts';
import { demoPairs, type DemoPair } from './care';
import { demoId, type DemoDocument, type DemoId } from './demo.repository';
import { PATIENTS } from './people';
import { Random } from './random';
import { DIALOGUES, type Tongue } from './texts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const PREVIEW_CODE_POINTS = 100;

/** Conversations of all pairs with their messages; the counters equal what is unread. */
export function demoConversations(now: Date): { conversations: DemoDocument[]; messages: DemoDocument[] } {
  const talks = demoPairs().map((pair, index) => {
    const messages = messagesOf(pair, index, now);
    return { messages, conversation: conversationOf(pair, messages, now) };
  });
  return {
    conversations: talks.map((talk) => talk.conversation),
    messages: talks.flatMap((talk) => talk.messages),
  };
}

function conversationId(pair: DemoPair) {
  return demoId(`conversation:${pair.patientKey}:${pair.doctorKey}`);
}

/** People write as their name is written; who has a Latin name, French or English. */
function tongueOf(key: string): Tongue {
  const index = PATIENTS.findIndex((_person, at) => patientKey(at) === key);
  const name = PATIENTS[index]?.nom ?? '';
  if (/\p{Script=Arabic}/u.test(name)) return 'ar';
  if (/\p{Script=Greek}/u.test(name)) return 'el';
  if (/\p{Script=Cyrillic}/u.test(name)) return 'uk';
  return index % 3 === 2 ? 'en' : 'fr';
}

function messagesOf(pair: DemoPair, index: number, now: Date): DemoDocument[] {
  const random = new Random(`talk:${pair.patientKey}:${pair.doctorKey}`);
  const dialogue = random.pick(DIALOGUES[tongueOf(pair.patientKey)]);
  // In every third conversation the last message still waits for its reader.
  const unreadFrom = index % 3 === 0 ? dialogue.length - 1 : dialogue.length;
  let at = now.getTime() - (1 + random.below(20)) * DAY_MS;
  return dialogue.map(([side, content], position) => {
    at += (3 + random.below(90)) * MINUTE_MS;
    const timestamp = new Date(at);
    const readAt = new Date(at + 2 * MINUTE_MS);
    const isRead = position < unreadFrom;
    const [sender, receiver] = side === 'P' ? [pair.patientKey, pair.doctorKey] : [pair.doctorKey, pair.patientKey];
    const _id = demoId(`message:${pair.patientKey}:${pair.doctorKey}:${position}`);
    return {
      _id,
      conversationId: conversationId(pair),
      senderId: userId(sender),
      receiverId: userId(receiver),
      content,
      timestamp,
      seq: position + 1,
      sendKey: _id.toHexString(),
      isRead,
      ...(isRead ? { readAt, deliveredAt: readAt } : {}),
      createdAt: timestamp,
      updatedAt: isRead ? readAt : timestamp,
    };
  });
}

function conversationOf(pair: DemoPair, messages: readonly DemoDocument[], now: Date): DemoDocument {
  const last = messages.at(-1);
  const opened = new Date(now.getTime() - 25 * DAY_MS);
  const unreadOf = (key: string) =>
    messages.filter((message) => message['isRead'] === false && userId(key).equals(message['receiverId'] as DemoId))
      .length;
  return {
    _id: conversationId(pair),
    patientId: userId(pair.patientKey),
    doctorId: userId(pair.doctorKey),
    type: 'doctor',
    lastMessage: firstCodePoints((last?.['content'] as string | undefined) ?? '', PREVIEW_CODE_POINTS),
    lastMessageTime: last?.['timestamp'] ?? opened,
    ...(last === undefined ? {} : { lastSenderId: last['senderId'] }),
    patientUnread: unreadOf(pair.patientKey),
    professionalUnread: unreadOf(pair.doctorKey),
    messageCount: messages.length,
    createdAt: opened,
    updatedAt: last?.['timestamp'] ?? opened,
  };
}
