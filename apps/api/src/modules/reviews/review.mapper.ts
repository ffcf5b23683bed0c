import type { RatingResponse, ReviewResponse } from './dto/review.dto';
import type { Distribution } from './rating.policy';
import type { Rating, Review } from './review.schema';

/** Who looks: the author, the pharmacy that it is about, or anybody. */
export type OpinionViewer = 'author' | 'pharmacy' | 'public';

/** A review as the viewer sees it. */
export function toReview(record: Review, viewer: OpinionViewer): ReviewResponse {
  const { patientId, requestId, comment } = record;
  return {
    _id: record._id.toHexString(),
    ...(viewer !== 'author' || patientId === undefined ? {} : { patientId: patientId.toHexString() }),
    pharmacyId: record.pharmacyId.toHexString(),
    ...(viewer === 'public' || requestId === undefined ? {} : { requestId: requestId.toHexString() }),
    rating: record.rating,
    ...(comment === undefined ? {} : { comment }),
    isVisible: record.isVisible,
    createdAt: record.createdAt,
    updatedAt: record.updatedAt,
  };
}

/** A rating as the viewer sees it. */
export function toRating(record: Rating, viewer: OpinionViewer): RatingResponse {
  const { patientId, comment, speedRating, courtesynRating } = record;
  return {
    _id: record._id.toHexString(),
    ...(viewer !== 'author' || patientId === undefined ? {} : { patientId: patientId.toHexString() }),
    pharmacyId: record.pharmacyId.toHexString(),
    ...(viewer === 'public' ? {} : { medicationRequestId: record.medicationRequestId.toHexString() }),
    stars: record.stars,
    medicationAvailable: record.medicationAvailable,
    ...(comment === undefined ? {} : { comment }),
    ...(speedRating === undefined ? {} : { speedRating }),
    ...(courtesynRating === undefined ? {} : { courtesynRating }),
    pointsAwarded: record.pointsAwarded,
    penaltyApplied: record.penaltyApplied,
    createdAt: record.createdAt,
    updatedAt: record.updatedAt,
  };
}

/** A distribution by the number of stars. */
export function toCounts(distribution: Distribution): Record<string, number> {
  return Object.fromEntries(distribution.map((count, index) => [String(index + 1), count]));
}
