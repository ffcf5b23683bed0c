import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What the fake answers to a push: a status and, for errors, the code of FCM. */
export interface FcmAnswer {
  readonly status: number;
  readonly errorCode?: string;
  /** Fields that the error names. */
  readonly fields?: readonly string[];
}

/** A push as the fake took it. */
export interface TakenPush {
  readonly path: string;
  readonly authorization: string;
  readonly message: Record<string, unknown> & { readonly token: string };
  readonly status: number;
}

/** Google's token endpoint and FCM on loopback, with the service account file that leads there. */
export interface FakeFcm {
  readonly credentialsPath: string;
  readonly publicKey: KeyObject;
  readonly tokenUri: string;
  /** Every push that was asked for, in order. */
  readonly pushes: TakenPush[];
  /** Every assertion that was signed in with. */
  readonly assertions: string[];
  /** Decides the answer to a push; 200 until set. */
  answer: (token: string) => FcmAnswer;
  /** Status of the token endpoint. */
  tokenStatus: number;
  close(): Promise<void>;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}

function errorBody({ status, errorCode, fields }: FcmAnswer): unknown {
  const type = 'type.googleapis.com/google.firebase.fcm.v1.FcmError';
  const details: unknown[] = errorCode === undefined ? [] : [{ '@type': type, errorCode }];
  if (fields !== undefined) details.push({ fieldViolations: fields.map((field) => ({ field, description: 'wrong' })) });
  return { error: { code: status, message: 'refused', status: errorCode ?? 'UNKNOWN', details } };
}

/** Starts the fake on a free port. */
export async function startFakeFcm(): Promise<FakeFcm> {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  const server = createServer((request, response) => {
    void (async () => {
      const body = await bodyOf(request);
      const path = request.url ?? '';
      response.setHeader('content-type', 'application/json');
      if (path === '/token') {
        fake.assertions.push(new URLSearchParams(body).get('assertion') ?? '');
        response.statusCode = fake.tokenStatus;
        response.end(JSON.stringify({ access_token: `access-${fake.assertions.length}`, expires_in: 3_599 }));
        return;
      }
      const { message } = JSON.parse(body) as Pick<TakenPush, 'message'>;
      const answer = fake.answer(message.token);
      const { authorization = '' } = request.headers;
      fake.pushes.push({ path, authorization, message, status: answer.status });
      response.statusCode = answer.status;
      response.end(JSON.stringify(answer.status === 200 ? { name: 'sent' } : errorBody(answer)));
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const credentialsPath = join(tmpdir(), `fake-fcm-${process.pid}-${(server.address() as AddressInfo).port}.json`);
  const file = {
    type: 'service_account',
    project_id: 'fake-project',
    client_email: 'sender@fake-project.example',
    private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    token_uri: `${base}/token`,
    fcm_endpoint: `${base}/`,
  };
  await writeFile(credentialsPath, JSON.stringify(file), { mode: 0o600 });
  const fake: FakeFcm = {
    credentialsPath,
    publicKey,
    tokenUri: file.token_uri,
    pushes: [],
    assertions: [],
    answer: () => ({ status: 200 }),
    tokenStatus: 200,
    close: async () => {
      await new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      });
      await rm(credentialsPath, { force: true });
    },
  };
  return fake;
}
