import { Int, OneOf, Str } from '../../../common/validation';

/** Query of the one-page report (glucose metrics section 16). */
export class AgpReportQuery {
  @Int({ optional: true, min: 7, max: 90, default: 14, description: 'Local days, today included; not with start, end' })
  days?: number;

  @Str({ optional: true, max: 40, description: 'Local day, or an instant for the day that contains it; with end' })
  start?: string;

  @Str({ optional: true, max: 40, description: 'Local day, included; with start' })
  end?: string;

  @Str({ optional: true, max: 40, description: "standard, older, pregnancy-t1 or gestational; default the patient's" })
  population?: string;

  @Str({ optional: true, max: 64, description: "IANA zone; another than the patient's allows 31 days" })
  tz?: string;

  @Str({ optional: true, max: 20, description: 'mg/dL (default) or mmol/L' })
  unit?: string;

  @OneOf(['en', 'fr'], { optional: true, description: 'Default from Accept-Language' })
  lang?: 'en' | 'fr';
}
