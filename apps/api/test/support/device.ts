import { io, type Socket } from 'socket.io-client';
import type { TestActor } from './actors';

/** An event as a device received it. */
export interface ReceivedEvent {
  readonly name: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- payloads are judged by the assertions of tests
  readonly payload: any;
  readonly eventId: string | null;
}

/** The `data` of an acknowledgement, or its error. */
export interface Acknowledgement {
  readonly ok: boolean;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- as above
  readonly data?: any;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- as above
  readonly error?: any;
}

const WAIT_MS = 5_000;

/** A real Socket.IO client that keeps what it is sent. */
export class Device {
  readonly received: ReceivedEvent[] = [];

  private constructor(readonly socket: Socket) {
    socket.onAny((name: string, payload: unknown, meta: unknown, ...rest: unknown[]) => {
      const durable = typeof meta === 'object' && meta !== null ? (meta as { eventId: string }) : null;
      this.received.push({ name, payload, eventId: durable?.eventId ?? null });
      const acknowledge = [meta, ...rest].find((value) => typeof value === 'function') as (() => void) | undefined;
      if (this.acknowledges) acknowledge?.();
    });
  }

  /** Does this device tell the server that events have arrived? */
  acknowledges = true;

  /** Connects; rejects with the `data` of a `connect_error`. */
  static async connect(url: string, token: string | undefined, options: object = {}): Promise<Device> {
    const socket = io(`${url.replace(/\/api$/, '')}/realtime`, {
      auth: token === undefined ? {} : { token },
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
      ...options,
    });
    const device = new Device(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('connect_error', (error: Error & { data?: unknown }) => {
        socket.close();
        reject(Object.assign(new Error(error.message), { data: error.data }));
      });
    });
    return device;
  }

  /** A device of somebody signed in. */
  static of(url: string, actor: TestActor, options: object = {}): Promise<Device> {
    return Device.connect(url, actor.token, options);
  }

  /** Sends a client event and waits for its acknowledgement. */
  async ask(name: string, ...data: unknown[]): Promise<Acknowledgement> {
    return (await this.socket.timeout(WAIT_MS).emitWithAck(name, ...data)) as Acknowledgement;
  }

  /** The payloads of an event so far. */
  payloads(name: string): ReceivedEvent['payload'][] {
    return this.received.filter((event) => event.name === name).map(({ payload }) => payload);
  }

  /** Waits until so many events of a name have come; answers their payloads. */
  async until(name: string, count = 1): Promise<ReceivedEvent['payload'][]> {
    const end = Date.now() + WAIT_MS;
    while (this.payloads(name).length < count) {
      if (Date.now() > end)
        throw new Error(`Waited for ${count} ${name}, got ${this.received.map((event) => event.name).join()}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return this.payloads(name);
  }

  close(): void {
    this.socket.close();
  }
}
