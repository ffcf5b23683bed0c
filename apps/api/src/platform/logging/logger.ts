import { Injectable, type LoggerService } from '@nestjs/common';
import pino, { type Logger as Pino } from 'pino';
import { describeError } from './describe-error';

/** The fields of the one line that every request writes (operations.md section 4). */
export interface RequestLine {
  readonly requestId: string;
  readonly method: string;
  readonly route: string;
  readonly status: number;
  readonly ms: number;
  readonly actorId: string | null;
  readonly dbRoundTrips: number;
}

/** What a line may carry beside its text. Never names, addresses, values of readings, contents, tokens or queries. */
export interface LogFields {
  readonly [key: string]: unknown;
  /** An error: its name, code and stack are written, its values are not. */
  readonly err?: unknown;
}

/** How the log is written. */
export interface LoggerOptions {
  readonly level: string;
  readonly pretty: boolean;
}

/** The process's log: JSON lines on stdout. */
@Injectable()
export class Logger {
  private constructor(private readonly pino: Pino) {}

  /** The logger of a process; pretty output is for people who develop. */
  static create(options: LoggerOptions): Logger {
    return new Logger(
      pino({
        level: options.level,
        base: null,
        serializers: { err: (described: unknown) => described },
        timestamp: pino.stdTimeFunctions.isoTime,
        formatters: { level: (label) => ({ level: label }) },
        ...(options.pretty ? { transport: { target: 'pino-pretty', options: { translateTime: 'HH:MM:ss.l' } } } : {}),
      }),
    );
  }

  request(line: RequestLine): void {
    this.pino.info(line, 'request');
  }

  debug(message: string, fields: LogFields = {}): void {
    this.pino.debug(safe(fields), message);
  }

  info(message: string, fields: LogFields = {}): void {
    this.pino.info(safe(fields), message);
  }

  warn(message: string, fields: LogFields = {}): void {
    this.pino.warn(safe(fields), message);
  }

  error(message: string, fields: LogFields = {}): void {
    this.pino.error(safe(fields), message);
  }

  /** Nest's own chatter goes to debug, so that `npm start` prints only what operators asked for. */
  get nest(): LoggerService {
    return {
      log: (message: unknown) => {
        this.pino.debug(String(message));
      },
      warn: (message: unknown) => {
        this.pino.warn(String(message));
      },
      error: (message: unknown, stack?: unknown) => {
        this.pino.error(
          {
            err: describeError(
              message instanceof Error ? message : new Error(String(message)),
              typeof stack === 'string' ? stack : undefined,
            ),
          },
          'nest',
        );
      },
      debug: (message: unknown) => {
        this.pino.debug(String(message));
      },
      verbose: (message: unknown) => {
        this.pino.trace(String(message));
      },
    };
  }
}

function safe(fields: LogFields): Record<string, unknown> {
  return 'err' in fields ? { ...fields, err: describeError(fields.err) } : { ...fields };
}
