/** A response as tests read it. */
export interface TestResponse {
  readonly status: number;
  readonly headers: Headers;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- bodies are judged by the assertions of tests
  readonly body: any;
  readonly text: string;
}
