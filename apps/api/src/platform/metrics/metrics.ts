import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';

const LATENCY_BUCKETS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5];
const NANOSECONDS = 1e9;
const MAX_LABELS = 5_000;

/** The figures that operators watch, in a registry of this application alone. */
@Injectable()
export class Metrics implements OnModuleDestroy {
  private readonly registry = new Registry();
  private readonly requests = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Duration of requests',
    labelNames: ['method', 'route', 'status_class'],
    buckets: LATENCY_BUCKETS,
    registers: [this.registry],
  });
  private readonly commands = this.counter('db_commands_total', 'Commands sent to the database', ['kind']);
  private readonly outboxPending = this.gauge('outbox_pending', 'Stored events not yet delivered');
  private readonly outboxAge = this.gauge('outbox_oldest_age_seconds', 'Age of the oldest event that is due');
  private readonly done = this.counter('jobs_done_total', 'Jobs done', ['name']);
  private readonly failed = this.counter('jobs_failed_total', 'Jobs failed', ['name']);
  private readonly parked = this.counter('jobs_parked_total', 'Jobs and deliveries given up', ['name']);
  private readonly sockets = this.gauge('sockets_connected', 'Connected sockets');
  private readonly sessions = this.gauge('sessions_cached', 'Sessions held in memory');
  private readonly sessionHits = this.counter('session_cache_hits_total', 'Sessions answered from memory');
  private readonly sessionMisses = this.counter('session_cache_misses_total', 'Sessions read from the database');
  private readonly readings = this.counter('readings_stored_total', 'Glucose readings stored');
  private readonly alerts = this.counter('alerts_sent_total', 'Glucose alerts sent');
  private readonly loopDelay: IntervalHistogram = monitorEventLoopDelay({ resolution: 20 });
  private readonly requestLabels = new Map<string, { observe(seconds: number): void }>();
  private readonly commandLabels = new Map<string, { inc(): void }>();

  constructor() {
    this.loopDelay.enable();
    const { loopDelay } = this;
    new Gauge({
      name: 'event_loop_delay_seconds',
      help: 'Delay of the event loop since the last scrape',
      labelNames: ['quantile'],
      registers: [this.registry],
      collect() {
        this.set({ quantile: '0.5' }, loopDelay.percentile(50) / NANOSECONDS);
        this.set({ quantile: '0.99' }, loopDelay.percentile(99) / NANOSECONDS);
        this.set({ quantile: '1' }, loopDelay.max / NANOSECONDS);
        loopDelay.reset();
      },
    });
  }

  /** One finished request; `route` is the template, never the address. */
  observeRequest(method: string, route: string, status: number, seconds: number): void {
    const statusClass = `${Math.floor(status / 100)}xx`;
    const key = `${method} ${route} ${statusClass}`;
    let child = this.requestLabels.get(key);
    if (child === undefined) {
      child = this.requests.labels(method, route, statusClass);
      if (this.requestLabels.size < MAX_LABELS) this.requestLabels.set(key, child);
    }
    child.observe(seconds);
  }

  countCommand(kind: string): void {
    let child = this.commandLabels.get(kind);
    if (child === undefined) {
      child = this.commands.labels(kind);
      this.commandLabels.set(kind, child);
    }
    child.inc();
  }

  setOutbox(pending: number, oldestAgeSeconds: number): void {
    this.outboxPending.set(pending);
    this.outboxAge.set(oldestAgeSeconds);
  }

  jobDone(name: string): void {
    this.done.labels(name).inc();
  }

  jobFailed(name: string): void {
    this.failed.labels(name).inc();
  }

  jobParked(name: string): void {
    this.parked.labels(name).inc();
  }

  setSocketsConnected(count: number): void {
    this.sockets.set(count);
  }

  setSessionsCached(count: number): void {
    this.sessions.set(count);
  }

  sessionCacheHit(): void {
    this.sessionHits.inc();
  }

  sessionCacheMiss(): void {
    this.sessionMisses.inc();
  }

  readingsStored(count: number): void {
    this.readings.inc(count);
  }

  alertSent(): void {
    this.alerts.inc();
  }

  /** Prometheus text. */
  async render(): Promise<{ contentType: string; body: string }> {
    return { contentType: this.registry.contentType, body: await this.registry.metrics() };
  }

  onModuleDestroy(): void {
    this.loopDelay.disable();
  }

  private counter(name: string, help: string, labelNames: string[] = []): Counter {
    return new Counter({ name, help, labelNames, registers: [this.registry] });
  }

  private gauge(name: string, help: string): Gauge {
    return new Gauge({ name, help, registers: [this.registry] });
  }
}
