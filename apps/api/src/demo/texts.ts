/** What the demo's people write: `P` the patient, `D` the doctor. */
export type Dialogue = readonly (readonly ['P' | 'D', string])[];

/** Languages in which a demo patient writes. */
export type Tongue = 'fr' | 'en' | 'ar' | 'el' | 'uk';

/** Conversations of patients with their doctor, by language. */
export const DIALOGUES: Readonly<Record<Tongue, readonly Dialogue[]>> = {
  fr: [
    [
      ['P', 'Bonjour docteur, mes glycémies du matin sont plus hautes depuis une semaine.'],
      ['D', 'Bonjour. Avez-vous changé quelque chose au dîner ou à l’heure de l’injection ?'],
      ['P', 'Oui, je dîne plus tard depuis que j’ai changé d’horaires de travail.'],
      ['D', 'Notez vos repas du soir pendant trois jours, nous en parlerons au rendez-vous.'],
    ],
    [
      ['D', 'Vos résultats de laboratoire sont arrivés. La tendance est bonne.'],
      ['P', 'Merci beaucoup ! Je continue la marche après le repas alors.'],
      ['D', 'Oui, et gardez le même rythme pour les contrôles.'],
    ],
    [
      ['P', 'Bonjour, le capteur s’est décollé à la piscine. Puis-je le remettre ?'],
      ['D', 'Non, posez-en un nouveau et mesurez au doigt en attendant.'],
      ['P', 'D’accord, j’en ai encore un à la maison. 👍'],
      ['D', 'Parfait. Nettoyez et séchez bien la peau avant de le poser.'],
      ['P', 'C’est fait, tout fonctionne.'],
    ],
  ],
  en: [
    [
      ['P', 'Hello doctor, the new sensor came off during swimming.'],
      ['D', 'That happens. Please use finger sticks until you have the replacement.'],
      ['P', 'Thank you, it should arrive tomorrow.'],
    ],
    [
      ['P', 'Good morning, I am travelling across six time zones next week. Anything to prepare?'],
      ['D', 'Let us plan it together at your next visit. Bring your usual schedule with you.'],
      ['P', 'Will do. Should I carry everything in my hand luggage?'],
      ['D', 'Yes, all of it, and some sugar. I will write you a letter for the airport.'],
    ],
  ],
  ar: [
    [
      ['P', 'صباح الخير دكتور، هل يمكنني تغيير موعد القياس؟'],
      ['D', 'صباح الخير، نعم، ساعة قبل العشاء مناسبة.'],
      ['P', 'شكرا جزيلا، سأكتب النتائج كل يوم.'],
    ],
    [
      ['P', 'مرحبا، وصلتني نتائج التحليل.'],
      ['D', 'أهلا، أحضرها معك إلى الموعد من فضلك.'],
    ],
  ],
  el: [
    [
      ['P', 'Καλημέρα γιατρέ, τις Κυριακές περπατάω μία ώρα. Να μετράω πριν ή μετά;'],
      ['D', 'Καλημέρα! Και πριν και μετά, για να δούμε τη διαφορά.'],
      ['P', 'Ευχαριστώ πολύ, θα τα σημειώνω.'],
    ],
  ],
  uk: [
    [
      ['P', 'Доброго дня, лікарю. Дякую за прийом, рецепт отримав.'],
      ['D', 'Доброго дня! Напишіть мені, будь ласка, через тиждень, як ваші вимірювання.'],
      ['P', 'Добре, напишу в понеділок.'],
    ],
  ],
};

/** Notes of demo appointments. */
export const APPOINTMENT_NOTES = [
  'Suivi trimestriel',
  'Follow-up of the new basal dose',
  'Lecture du capteur',
  'Bilan annuel',
  'Review of the food diary',
  'Renouvellement du matériel',
  '',
] as const;

/** Notes of demo requests to a doctor; most have none. */
export const URGENT_NOTES = [
  '',
  '',
  'Je change de ville et cherche un suivi rapidement',
  'My last doctor retired in the spring',
  '',
] as const;
