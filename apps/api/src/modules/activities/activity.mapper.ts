import type { Locale } from '../../common/enums';
import type { ActivityRecord } from './activities.repository';
import type { ActivityResponse, FeedItem } from './dto/activity.dto';
import { relativeTime } from './relative-time.policy';

/** An activity as its pharmacy sees it. */
export function toActivity(activity: ActivityRecord): ActivityResponse {
  const { amount, points, metadata } = activity;
  return {
    _id: activity._id.toHexString(),
    pharmacyId: activity.pharmacyId.toHexString(),
    activityType: activity.activityType,
    description: activity.description ?? '',
    ...(amount === undefined ? {} : { amount }),
    ...(points === undefined ? {} : { points }),
    ...(metadata === undefined ? {} : { metadata }),
    createdAt: activity.createdAt,
    updatedAt: activity.updatedAt,
  };
}

/** The same with how long ago it was. */
export function toFeedItem(activity: ActivityRecord, now: Date, locale: Locale): FeedItem {
  return { ...toActivity(activity), relativeTime: relativeTime(activity.createdAt, now, locale) };
}
