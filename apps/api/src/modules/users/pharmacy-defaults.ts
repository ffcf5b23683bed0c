const WEEKDAY = { open: '08:00', close: '19:00', isOpen: true } as const;

/** Opening hours until the pharmacist sets them (contract 40 section 2.2). */
const DEFAULT_WEEK = {
  monday: WEEKDAY,
  tuesday: WEEKDAY,
  wednesday: WEEKDAY,
  thursday: WEEKDAY,
  friday: WEEKDAY,
  saturday: { open: '09:00', close: '13:00', isOpen: true },
  sunday: { open: '', close: '', isOpen: false },
} as const;

/** A pharmacy's figures and settings before anything has happened (contract 80, users). */
export const PHARMACY_DEFAULTS = {
  workingHours: DEFAULT_WEEK,
  isOnDuty: false,
  visibilityRadius: 5,
  notificationsPush: true,
  notificationsEmail: true,
  notificationsSMS: true,
  points: 0,
  badgeLevel: 'bronze',
  unlockedBadges: [],
  noteMoyenne: 0,
  nombreNotes: 0,
  averageRating: 0,
  totalReviews: 0,
  averageResponseTime: 0,
  totalRequestsReceived: 0,
  totalRequestsAccepted: 0,
  totalRequestsDeclined: 0,
  totalClients: 0,
  totalRevenue: 0,
} as const;
