/** What the demo's people write to each other. */

export const DIALOGUES: readonly (readonly (readonly ['P' | 'D', string])[])[] = [
  [
    ['P', 'Bonjour docteur, mes glycémies du matin sont plus hautes depuis une semaine.'],
    ['D', 'Bonjour. Avez-vous changé quelque chose au dîner ou à l’heure de l’injection ?'],
    ['P', 'Oui, je dîne plus tard depuis que j’ai changé d’horaires de travail.'],
    ['D', 'Notez vos repas du soir pendant trois jours, nous en parlerons au rendez-vous.'],
  ],
  [
    ['P', 'Hello doctor, the new sensor came off during swimming.'],
    ['D', 'That happens. Please use finger sticks until you have the replacement.'],
    ['P', 'Thank you, it should arrive tomorrow.'],
  ],
  [
    ['D', 'Your laboratory results have arrived. The trend is good.'],
    ['P', 'Merci beaucoup ! Je continue la marche après le repas alors.'],
  ],
  [
    ['P', 'صباح الخير دكتور، هل يمكنني تغيير موعد القياس؟'],
    ['D', 'صباح الخير، نعم، ساعة قبل العشاء مناسبة.'],
  ],
  [
    ['P', 'Καλημέρα, ξέχασα τη χθεσινή βραδινή δόση. Τι να κάνω;'],
    ['D', 'Good morning. Do not double the dose; measure before breakfast and write to me.'],
  ],
  [['P', 'Доктор, спасибо за приём. Рецепт получил.']],
];

export const APPOINTMENT_NOTES = [
  'Suivi trimestriel',
  'Follow-up of the new basal dose',
  'Lecture du capteur',
  'Bilan annuel',
  'Review of the food diary',
  'Renouvellement du matériel',
  '',
] as const;

export const URGENT_NOTES = [
  '',
  '',
  'Je change de ville et cherche un suivi rapidement',
  'My last doctor retired in the spring',
  '',
] as const;
