/** How one error code answers: HTTP status and the text for people, in both languages of the product. */
export interface ErrorDefinition {
  readonly status: number;
  readonly en: string;
  readonly fr: string;
}

/**
 * Every stable error code of the API (contract 00 section 4 and the "Error codes" section of each module file).
 * Clients branch on the code, people read the text; neither ever repeats a value that was sent.
 */
export const ERROR_CATALOGUE = {
  VALIDATION_FAILED: { status: 400, en: 'The request is not valid', fr: "La requête n'est pas valide" },
  INVALID_ID: { status: 400, en: 'Malformed id in the path', fr: "Identifiant mal formé dans l'adresse" },
  MALFORMED_JSON: {
    status: 400,
    en: 'The body is not valid JSON',
    fr: "Le corps de la requête n'est pas du JSON valide",
  },
  INVALID_CURSOR: {
    status: 400,
    en: 'The cursor is neither an instant nor an id',
    fr: "Le curseur n'est ni un instant ni un identifiant",
  },
  WEAK_PASSWORD: {
    status: 400,
    en: 'The new password must differ from the e-mail address and from the current password',
    fr: "Le nouveau mot de passe doit différer de l'adresse e-mail et du mot de passe actuel",
  },
  CURRENT_PASSWORD_REQUIRED: {
    status: 400,
    en: 'The current password is required for this change',
    fr: 'Le mot de passe actuel est requis pour ce changement',
  },
  RESET_TOKEN_INVALID: {
    status: 400,
    en: 'This link is invalid, used or expired',
    fr: 'Ce lien est invalide, déjà utilisé ou expiré',
  },
  GOOGLE_NOT_CONFIGURED: {
    status: 400,
    en: 'Google sign-in is not available here',
    fr: "La connexion Google n'est pas disponible ici",
  },
  GLUCOSE_OUT_OF_RANGE: {
    status: 400,
    en: 'The glucose value is outside the possible range',
    fr: 'La valeur de glycémie est hors des limites possibles',
  },
  MEASURED_AT_IN_FUTURE: {
    status: 400,
    en: 'measuredAt must not be in the future',
    fr: 'measuredAt ne doit pas être dans le futur',
  },
  INVALID_PERIOD: { status: 400, en: 'The period is not valid', fr: "La période n'est pas valide" },
  PERIOD_TOO_LONG: { status: 400, en: 'The period is too long', fr: 'La période est trop longue' },
  UNKNOWN_TIME_ZONE: { status: 400, en: 'Unknown time zone', fr: 'Fuseau horaire inconnu' },
  UNKNOWN_POPULATION: { status: 400, en: 'Unknown population', fr: 'Population inconnue' },
  UNKNOWN_UNIT: { status: 400, en: 'Unknown unit', fr: 'Unité inconnue' },
  SNOOZE_TOO_LONG: {
    status: 400,
    en: 'An alert of this level cannot be silenced for so long',
    fr: 'Une alerte de ce niveau ne peut pas être suspendue aussi longtemps',
  },
  DATE_IN_PAST: { status: 400, en: 'The date must be in the future', fr: 'La date doit être dans le futur' },
  DATE_TOO_FAR: { status: 400, en: 'The date is more than two years ahead', fr: 'La date est à plus de deux ans' },
  OVERLAPPING_RULES: {
    status: 400,
    en: 'Intervals of one day overlap',
    fr: "Des intervalles d'un même jour se chevauchent",
  },
  PARTICIPANT_MISMATCH: {
    status: 400,
    en: 'Sender or receiver do not match the conversation',
    fr: "L'expéditeur ou le destinataire ne correspond pas à la conversation",
  },
  LOCATION_REQUIRED: {
    status: 400,
    en: 'Your place is needed to find pharmacies near you',
    fr: 'Votre position est nécessaire pour trouver des pharmacies proches',
  },
  UNAUTHENTICATED: { status: 401, en: 'Sign in to continue', fr: 'Connectez-vous pour continuer' },
  TOKEN_INVALID: { status: 401, en: 'The access token is not valid', fr: "Le jeton d'accès n'est pas valide" },
  TOKEN_EXPIRED: { status: 401, en: 'The access token has expired', fr: "Le jeton d'accès a expiré" },
  SESSION_REVOKED: { status: 401, en: 'This session has ended', fr: 'Cette session est terminée' },
  INVALID_CREDENTIALS: {
    status: 401,
    en: 'Wrong e-mail address or password',
    fr: 'Adresse e-mail ou mot de passe incorrect',
  },
  GOOGLE_TOKEN_INVALID: { status: 401, en: 'The Google token is not valid', fr: "Le jeton Google n'est pas valide" },
  REFRESH_TOKEN_INVALID: {
    status: 401,
    en: 'The refresh token is not valid',
    fr: "Le jeton d'actualisation n'est pas valide",
  },
  REFRESH_TOKEN_REUSED: {
    status: 401,
    en: 'The refresh token was used before; the session has ended',
    fr: "Le jeton d'actualisation a déjà servi ; la session est terminée",
  },
  FORBIDDEN_ROLE: { status: 403, en: 'Your role does not allow this', fr: 'Votre rôle ne permet pas cette action' },
  FORBIDDEN_SPACE: {
    status: 403,
    en: "This is another account's space",
    fr: 'Cet espace appartient à un autre compte',
  },
  FIELD_NOT_ALLOWED: { status: 403, en: 'You may not change this field', fr: 'Vous ne pouvez pas modifier ce champ' },
  IDENTITY_MISMATCH: { status: 403, en: 'The request names another account', fr: 'La requête désigne un autre compte' },
  ACCOUNT_INACTIVE: { status: 403, en: 'This account is not active', fr: "Ce compte n'est pas actif" },
  CURRENT_PASSWORD_WRONG: {
    status: 403,
    en: 'The current password is wrong',
    fr: 'Le mot de passe actuel est incorrect',
  },
  REAUTHENTICATION_REQUIRED: {
    status: 403,
    en: 'Confirm your identity first: sign in again or send the current password',
    fr: "Confirmez d'abord votre identité : reconnectez-vous ou envoyez le mot de passe actuel",
  },
  ACCESS_DISABLED: {
    status: 403,
    en: 'The patient has switched off your access',
    fr: 'Le patient a désactivé votre accès',
  },
  RATING_NOT_ALLOWED: {
    status: 403,
    en: 'Only patients of this professional may rate',
    fr: 'Seuls les patients de ce professionnel peuvent le noter',
  },
  REVIEW_NOT_ALLOWED: {
    status: 403,
    en: 'Only a request picked up at this pharmacy may be reviewed',
    fr: 'Seule une demande retirée dans cette pharmacie peut être évaluée',
  },
  NO_CARE_RELATION: {
    status: 403,
    en: 'There is no active care relation',
    fr: "Il n'existe pas de relation de soin active",
  },
  CONVERSATION_CLOSED: { status: 403, en: 'This conversation is closed', fr: 'Cette conversation est close' },
  NOT_FOUND: { status: 404, en: 'Not found', fr: 'Introuvable' },
  NO_ACTIVE_BOOST: { status: 404, en: 'No boost is running', fr: "Aucun boost n'est en cours" },
  ROUTE_NOT_FOUND: { status: 404, en: 'No such route', fr: "Cette route n'existe pas" },
  LINK_NOT_FOUND: { status: 404, en: 'There is no active care link', fr: "Il n'existe pas de lien de soin actif" },
  CONCURRENT_UPDATE: {
    status: 409,
    en: 'Somebody else changed this at the same time; try again',
    fr: "Modifié au même moment par quelqu'un d'autre ; réessayez",
  },
  IDEMPOTENCY_KEY_REUSED: {
    status: 409,
    en: 'This Idempotency-Key was used with another body',
    fr: 'Cette Idempotency-Key a servi avec un autre contenu',
  },
  IDEMPOTENCY_IN_PROGRESS: {
    status: 409,
    en: 'The first call with this Idempotency-Key is still running',
    fr: 'Le premier appel avec cette Idempotency-Key est en cours',
  },
  EMAIL_TAKEN: {
    status: 409,
    en: 'This e-mail address is already registered',
    fr: 'Cette adresse e-mail est déjà utilisée',
  },
  NUMERO_ORDRE_TAKEN: {
    status: 409,
    en: 'This professional number is already registered',
    fr: "Ce numéro d'ordre est déjà enregistré",
  },
  LAST_ADMIN: { status: 409, en: 'This is the last active administrator', fr: "C'est le dernier administrateur actif" },
  ALREADY_LINKED: { status: 409, en: 'You are already linked with this doctor', fr: 'Vous êtes déjà lié à ce médecin' },
  REQUEST_PENDING: {
    status: 409,
    en: 'A request is already waiting for an answer',
    fr: 'Une demande attend déjà une réponse',
  },
  ACCESS_ALREADY_ENABLED: { status: 409, en: 'Access is already enabled', fr: "L'accès est déjà activé" },
  ALREADY_ANSWERED: {
    status: 409,
    en: 'This request was already answered',
    fr: 'Cette demande a déjà reçu une réponse',
  },
  PATIENT_LIMIT_REACHED: {
    status: 409,
    en: 'The doctor has reached the limit of patients',
    fr: 'Le médecin a atteint sa limite de patients',
  },
  TOO_MANY_PENDING_REQUESTS: {
    status: 409,
    en: 'Too many requests are waiting for an answer',
    fr: 'Trop de demandes sont en attente',
  },
  NO_PHARMACY_IN_RADIUS: {
    status: 409,
    en: 'There is no pharmacy within this distance',
    fr: "Il n'y a pas de pharmacie à cette distance",
  },
  TOO_MANY_OPEN_REQUESTS: {
    status: 409,
    en: 'Too many of your requests are still open',
    fr: 'Trop de vos demandes sont encore ouvertes',
  },
  REQUEST_NOT_OPEN: {
    status: 409,
    en: 'This request is no longer open',
    fr: "Cette demande n'est plus ouverte",
  },
  PHARMACY_NOT_ACCEPTED: {
    status: 409,
    en: 'This pharmacy has not accepted the request',
    fr: "Cette pharmacie n'a pas accepté la demande",
  },
  PICKUP_NOT_ALLOWED: {
    status: 409,
    en: 'The medication is not to be picked up here',
    fr: "Le médicament n'est pas à retirer ici",
  },
  ALREADY_PICKED_UP: {
    status: 409,
    en: 'The medication was already picked up',
    fr: 'Le médicament a déjà été retiré',
  },
  REVIEW_EXISTS: { status: 409, en: 'You have reviewed this request', fr: 'Vous avez déjà évalué cette demande' },
  RATING_EXISTS: { status: 409, en: 'You have rated this request', fr: 'Vous avez déjà noté cette demande' },
  ALERT_CLOSED: { status: 409, en: 'This alert is over', fr: 'Cette alerte est terminée' },
  SLOT_TAKEN: { status: 409, en: 'This time slot is no longer free', fr: "Ce créneau n'est plus libre" },
  DAY_FULL: { status: 409, en: "The doctor's day is full", fr: 'La journée du médecin est complète' },
  MEAL_FULL: {
    status: 409,
    en: 'A meal holds at most 50 food items',
    fr: 'Un repas compte au plus 50 aliments',
  },
  OUTSIDE_AVAILABILITY: {
    status: 409,
    en: "This is outside the doctor's availability",
    fr: 'En dehors des disponibilités du médecin',
  },
  INVENTORY_FULL: {
    status: 409,
    en: 'The inventory holds 2,000 entries at most',
    fr: "L'inventaire compte 2 000 entrées au plus",
  },
  BOOST_OVERLAP: {
    status: 409,
    en: 'Another boost runs during this time',
    fr: 'Un autre boost est prévu pendant cette période',
  },
  ILLEGAL_TRANSITION: {
    status: 409,
    en: 'This change of status is not possible',
    fr: "Ce changement de statut n'est pas possible",
  },
  APPOINTMENT_CLOSED: {
    status: 409,
    en: 'This appointment can no longer be changed',
    fr: 'Ce rendez-vous ne peut plus être modifié',
  },
  CONFIRMATION_EXPIRED: {
    status: 409,
    en: 'The time to confirm has passed',
    fr: 'Le délai de confirmation est dépassé',
  },
  GLUCOSE_DUPLICATE: {
    status: 409,
    en: 'The device has another reading at this instant',
    fr: "L'appareil a une autre mesure à cet instant",
  },
  CLIENT_MESSAGE_ID_REUSED: {
    status: 409,
    en: 'This clientMessageId was used with another content',
    fr: 'Ce clientMessageId a servi avec un autre contenu',
  },
  PRECONDITION_FAILED: {
    status: 412,
    en: 'The resource has changed since you read it',
    fr: 'La ressource a changé depuis votre lecture',
  },
  PAYLOAD_TOO_LARGE: { status: 413, en: 'The body is too large', fr: 'Le corps de la requête est trop grand' },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, en: 'Send application/json', fr: 'Envoyez du application/json' },
  RATE_LIMITED: { status: 429, en: 'Too many requests; try again later', fr: 'Trop de requêtes ; réessayez plus tard' },
  LOGIN_LOCKED: {
    status: 429,
    en: 'Too many failed attempts; try again later',
    fr: "Trop d'échecs ; réessayez plus tard",
  },
  INTERNAL: { status: 500, en: 'Internal error', fr: 'Erreur interne' },
  UNAVAILABLE: {
    status: 503,
    en: 'The service is temporarily unavailable',
    fr: 'Le service est momentanément indisponible',
  },
} as const satisfies Record<string, ErrorDefinition>;

/** A stable code clients may branch on. */
export type ErrorCode = keyof typeof ERROR_CATALOGUE;
