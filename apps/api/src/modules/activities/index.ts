export { ActivitiesModule } from './activities.module';
export { type CounterChange, PharmacyCounters } from './pharmacy-counters.service';
export { type LedgerEntry, type LedgerOutcome, PharmacyLedger } from './pharmacy-ledger.service';
