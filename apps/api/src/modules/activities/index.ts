export { ActivitiesModule } from './activities.module';
export { ActivitiesService } from './activities.service';
export { FeedItem } from './dto/activity.dto';
export { FeedLocale } from './feed-locale.decorator';
export { type CounterChange, PharmacyCounters } from './pharmacy-counters.service';
export { type MonthFigures, PharmacyFigures } from './pharmacy-figures.service';
export { type LedgerEntry, PharmacyLedger } from './pharmacy-ledger.service';
