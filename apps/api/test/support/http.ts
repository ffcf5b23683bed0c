import { describedResponse } from './described';
import type { TestResponse } from './test-response';

export type { TestResponse };

/** How a call is made. */
export interface CallOptions {
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as it is, with the JSON media type unless `headers` name another. */
  readonly raw?: string;
  /** Do not compare the answer with the API description (malformed calls on unknown routes). */
  readonly undescribed?: boolean;
}

/** Real HTTP calls; every answer is also held against the API description of the running server. */
export class Http {
  constructor(readonly url: string) {}

  get(path: string, options: CallOptions = {}): Promise<TestResponse> {
    return this.call('GET', path, undefined, options);
  }

  post(path: string, body?: unknown, options: CallOptions = {}): Promise<TestResponse> {
    return this.call('POST', path, body, options);
  }

  put(path: string, body?: unknown, options: CallOptions = {}): Promise<TestResponse> {
    return this.call('PUT', path, body, options);
  }

  patch(path: string, body?: unknown, options: CallOptions = {}): Promise<TestResponse> {
    return this.call('PATCH', path, body, options);
  }

  delete(path: string, body?: unknown, options: CallOptions = {}): Promise<TestResponse> {
    return this.call('DELETE', path, body, options);
  }

  async call(method: string, path: string, body: unknown, options: CallOptions): Promise<TestResponse> {
    const payload = options.raw ?? (body === undefined ? undefined : JSON.stringify(body));
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: {
        ...(payload === undefined ? {} : { 'content-type': 'application/json' }),
        ...(options.token === undefined ? {} : { authorization: `Bearer ${options.token}` }),
        ...options.headers,
      },
      ...(payload === undefined ? {} : { body: payload }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') === true;
    const result: TestResponse = {
      status: response.status,
      headers: response.headers,
      text,
      body: isJson && text !== '' ? (JSON.parse(text) as unknown) : undefined,
    };
    if (options.undescribed !== true) await describedResponse(this.url, method, path, result);
    return result;
  }
}
