import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { CounterChecks } from '../../src/platform/scheduler';
import { startTestApp, type TestApp } from '../support/app';
import { LONG_TOKENS, MINUTE } from '../support/booking';
import type { TestResponse } from '../support/http';
import { Counter } from '../support/pharmacy';

/** A step of a history; numbers pick patients, pharmacies and requests by remainder. */
interface Step {
  readonly kind: 'ask' | 'respond' | 'confirm' | 'pickup' | 'cancel' | 'review' | 'rate' | 'remove' | 'job';
  readonly patient: number;
  readonly pharmacy: number;
  readonly request: number;
  readonly stars: number;
  readonly there: boolean;
  readonly answer: 'accepted' | 'unavailable' | 'declined' | 'ignored';
  readonly minutes: number;
}

interface Opinion {
  readonly id: string;
  readonly request: string;
  readonly stars: number;
  readonly kind: 'review' | 'rating';
}

const STARS: Readonly<Record<number, number>> = { 5: 25, 4: 15, 3: 5, 2: 0, 1: -10 };
const BADGES = [
  ['fiable', 50],
  ['reactif', 100],
  ['excellence', 200],
] as const;
const LEVELS = [
  ['diamond', 500],
  ['platinum', 300],
  ['gold', 150],
  ['silver', 50],
  ['bronze', 0],
] as const;

/** What a pharmacy must show after what succeeded, counted the plain way. */
class Expected {
  points = 0;
  received = 0;
  accepted = 0;
  declined = 0;
  clients = 0;
  revenue = 0;
  minutes: number[] = [];
  unlocked: string[] = [];
  granted = new Set<string>();
  opinions: Opinion[] = [];

  grant(key: string, points: number): boolean {
    if (this.granted.has(key)) return false;
    this.granted.add(key);
    this.points = Math.max(0, this.points + points);
    for (const [badge, least] of BADGES)
      if (this.points >= least && !this.unlocked.includes(badge)) this.unlocked.push(badge);
    return true;
  }

  figures(): Record<string, unknown> {
    // Later opinions of a request stand further back.
    const latest = [...new Map(this.opinions.map(({ request, stars }) => [request, stars])).values()];
    const sum = latest.reduce((total, stars) => total + stars, 0);
    return {
      points: this.points,
      badgeLevel: LEVELS.find(([, least]) => this.points >= least)?.[0],
      unlockedBadges: this.unlocked,
      totalRequestsReceived: this.received,
      totalRequestsAccepted: this.accepted,
      totalRequestsDeclined: this.declined,
      totalClients: this.clients,
      totalRevenue: this.revenue,
      averageResponseTime:
        this.minutes.length === 0 ? 0 : Math.round(this.minutes.reduce((a, b) => a + b, 0) / this.minutes.length),
      totalReviews: latest.length,
      averageRating: latest.length === 0 ? 0 : Math.round((sum * 10) / latest.length) / 10,
    };
  }
}

interface Asked {
  readonly id: string;
  readonly patient: number;
  readonly at: number;
  open: boolean;
  accepted: Set<number>;
  /** Pharmacies whose entry is pending. */
  waiting: Set<number>;
}

/** Plays a history against the server and beside it. */
class Play {
  readonly expected = [new Expected(), new Expected()];
  private readonly asked: Asked[] = [];

  constructor(
    private readonly t: TestApp,
    private readonly counters: readonly Counter[],
  ) {}

  async step(step: Step): Promise<void> {
    this.t.clock.advance(step.minutes * MINUTE);
    if (step.kind === 'job') return this.expire();
    if (step.kind === 'ask') return this.ask(step.patient % 2);
    if (step.kind === 'remove') return this.remove(step);
    const asked = this.asked[step.request % Math.max(1, this.asked.length)];
    if (asked !== undefined) await this.act(step, asked);
  }

  private counter(patient: number): Counter {
    const found = this.counters[patient];
    if (found === undefined) throw new Error(`There is no patient ${patient}`);
    return found;
  }

  private of(pharmacy: number): Expected {
    const found = this.expected[pharmacy];
    if (found === undefined) throw new Error(`There is no pharmacy ${pharmacy}`);
    return found;
  }

  private async ask(patient: number): Promise<void> {
    const { status, body } = await this.counter(patient).ask();
    if (status !== 201) return;
    this.asked.push({
      id: body._id,
      patient,
      at: this.t.clock.now().getTime(),
      open: true,
      accepted: new Set(),
      waiting: new Set([0, 1]),
    });
    for (const expected of this.expected) expected.received += 1;
  }

  private late(asked: Asked): boolean {
    return this.t.clock.now().getTime() >= asked.at + 120 * MINUTE;
  }

  /** Entries without a response end: late ones with two points less. */
  private settle(asked: Asked): void {
    for (const pharmacy of asked.waiting) if (this.late(asked)) this.of(pharmacy).grant(`response:${asked.id}`, -2);
    asked.waiting.clear();
  }

  private async expire(): Promise<void> {
    await this.t.runJob('medication-request-expiry');
    for (const asked of this.asked.filter((candidate) => candidate.open && this.late(candidate))) this.settle(asked);
  }

  private async act(step: Step, asked: Asked): Promise<void> {
    const counter = this.counter(asked.patient);
    const pharmacy = step.pharmacy % 2;
    const offer = step.answer === 'accepted' ? { indicativePrice: step.stars * 1.5 } : {};
    if (step.kind === 'respond') {
      this.respond(step, asked, await counter.respond(asked.id, pharmacy, step.answer, offer));
      return;
    }
    if (step.kind === 'review' || step.kind === 'rate') return this.judge(step, asked);
    const { status, body } =
      step.kind === 'confirm'
        ? await counter.confirm(asked.id, pharmacy)
        : step.kind === 'pickup'
          ? await counter.pickUp(asked.id, pharmacy)
          : await counter.cancel(asked.id);
    if (status !== 200) return;
    this.settle(asked);
    asked.open = false;
    if (step.kind !== 'pickup') return;
    this.of(pharmacy).clients += 1;
    this.of(pharmacy).revenue += (body.pharmacyResponses[0].indicativePrice as number | undefined) ?? 0;
  }

  private respond(step: Step, asked: Asked, { status, body }: TestResponse): void {
    if (status !== 200) return;
    const pharmacy = step.pharmacy % 2;
    const expected = this.of(pharmacy);
    const minutes = Math.floor((this.t.clock.now().getTime() - asked.at) / MINUTE);
    expect(body.pharmacyResponses[0].responseTime).toBe(minutes);
    asked.waiting.delete(pharmacy);
    expected.minutes.push(minutes);
    if (step.answer === 'accepted') expected.accepted += 1;
    if (step.answer === 'unavailable' || step.answer === 'declined') expected.declined += 1;
    const bonus = minutes < 30 ? 20 : minutes < 60 ? 15 : minutes < 120 ? 5 : 0;
    const points = step.answer === 'accepted' ? 10 + bonus : step.answer === 'unavailable' ? 5 : 0;
    expected.grant(`response:${asked.id}`, points);
  }

  private async judge(step: Step, asked: Asked): Promise<void> {
    const { patient, pharmacy: where } = { patient: this.counter(asked.patient).patient, pharmacy: step.pharmacy % 2 };
    const pharmacyId = this.counter(asked.patient).pharmacy(where).id;
    const isReview = step.kind === 'review';
    const { status, body } = isReview
      ? await patient.post('/review', { pharmacyId, requestId: asked.id, rating: step.stars })
      : await patient.post('/ratings', {
          pharmacyId,
          medicationRequestId: asked.id,
          stars: step.stars,
          medicationAvailable: step.there,
        });
    if (status !== 201) return;
    const expected = this.of(where);
    const rated = (STARS[step.stars] ?? 0) - (step.there ? 0 : 10);
    const first = expected.grant(`quality:${asked.id}`, isReview ? (step.stars === 5 ? 8 : 0) : rated);
    if (!isReview)
      expect([body.pointsAwarded, body.penaltyApplied]).toEqual(
        first ? [STARS[step.stars], step.there ? 0 : 10] : [0, 0],
      );
    const kind = isReview ? 'review' : 'rating';
    expected.opinions.push({ id: body._id, request: asked.id, stars: step.stars, kind });
  }

  private async remove(step: Step): Promise<void> {
    const expected = this.of(step.pharmacy % 2);
    const reviews = expected.opinions.filter(({ kind }) => kind === 'review');
    const review = reviews[step.request % Math.max(1, reviews.length)];
    if (review === undefined) return;
    const owner = this.asked.find(({ id }) => id === review.request)?.patient ?? 0;
    expect((await this.counter(owner).patient.delete(`/review/${review.id}`)).status).toBe(200);
    expected.opinions = expected.opinions.filter(({ id }) => id !== review.id);
  }
}

const kinds = ['ask', 'respond', 'confirm', 'pickup', 'cancel', 'review', 'rate', 'remove', 'job'] as const;
const step: fc.Arbitrary<Step> = fc.record({
  // Requests, responses, pick-ups and opinions are what moves figures.
  kind: fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom('ask' as const, 'respond' as const, 'respond' as const) },
    { weight: 3, arbitrary: fc.constantFrom('pickup' as const, 'review' as const, 'rate' as const) },
    { weight: 2, arbitrary: fc.constantFrom(...kinds) },
  ),
  patient: fc.nat(1),
  pharmacy: fc.nat(1),
  request: fc.nat(5),
  stars: fc.integer({ min: 1, max: 5 }),
  there: fc.boolean(),
  answer: fc.constantFrom('accepted', 'accepted', 'accepted', 'unavailable', 'declined', 'ignored'),
  minutes: fc.oneof({ weight: 4, arbitrary: fc.nat(15) }, { weight: 1, arbitrary: fc.nat(130) }),
});

const QUICK = { patient: 0, pharmacy: 0, request: 0, stars: 5, there: true, answer: 'accepted', minutes: 0 } as const;
const PRELUDE: readonly Step[] = [
  { ...QUICK, kind: 'ask' },
  { ...QUICK, kind: 'ask', patient: 1 },
  { ...QUICK, kind: 'respond' },
  { ...QUICK, kind: 'respond', request: 1 },
];

describe('random histories of requests, responses, pick-ups, ratings and reviews', () => {
  let t: TestApp;

  beforeAll(async () => {
    t = await startTestApp({ config: { auth: LONG_TOKENS } });
  });

  afterEach(() => {
    t.clock.release();
  });

  afterAll(async () => {
    await t.close();
  });

  /** That the histories reach what they are about. */
  const reached = { clients: 0, opinions: 0, revenue: 0, unlocked: 0 };

  it('leave points, badges, figures and averages that a plain recount gives', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 36 }), async (steps) => {
        const first = await Counter.open(t);
        const second = new Counter(t, await t.actors.asPatient(), first.pharmacies);
        t.clock.freeze();
        const play = new Play(t, [first, second]);
        // Two quick acceptances are 60 points: the first badge is reached, and may be left again.
        for (const one of [...PRELUDE, ...steps, { ...QUICK, kind: 'job' } as const]) await play.step(one);
        for (const [index, expected] of play.expected.entries()) {
          const stored = await first.figures(index);
          reached.clients += expected.clients;
          reached.opinions += expected.opinions.length;
          reached.revenue += expected.revenue;
          reached.unlocked += expected.unlocked.length;
          const figures = expected.figures();
          for (const [key, value] of Object.entries(figures))
            expect([key, stored[key] ?? (key === 'unlockedBadges' ? [] : 0)]).toEqual([key, value]);
          const lines = await first.ledger(index);
          const sum = lines.reduce((total, line) => total + Number(line.split(':')[1] ?? 0), 0);
          expect(sum).toBe(expected.points);
          const { body } = await t.http.get(`/review/pharmacy/${first.pharmacy(index).id}/summary`);
          expect([body.totalReviews, body.averageRating]).toEqual([figures['totalReviews'], figures['averageRating']]);
        }
        t.clock.release();
      }),
      // A failing history is told as it is: making it smaller would take minutes.
      { numRuns: 8, endOnFailure: true },
    );
    for (const [what, count] of Object.entries(reached)) expect([what, count > 0]).toEqual([what, true]);
    expect(await t.app.get(CounterChecks).run()).toEqual([]);
  }, 120_000);
});
