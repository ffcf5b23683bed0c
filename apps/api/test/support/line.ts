import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** A line to a server that a test can cut. */
export class Line {
  private readonly open = new Set<Socket>();
  private down = false;

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  /** @param target `http://127.0.0.1:PORT/...` */
  static async to(target: string): Promise<Line> {
    const port = Number(new URL(target).port);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const line = new Line(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    server.on('connection', (near) => line.join(near, port));
    return line;
  }

  /** Drops what is connected and refuses what comes, until {@link mend}. */
  cut(): void {
    this.down = true;
    for (const socket of this.open) socket.destroy();
  }

  mend(): void {
    this.down = false;
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((closed) => this.server.close(closed));
  }

  private join(near: Socket, port: number): void {
    if (this.down) {
      near.destroy();
      return;
    }
    const far = connect(port, '127.0.0.1');
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.open.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        this.open.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  }
}
