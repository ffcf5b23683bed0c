/** Where alerts learn that a patient has just eaten. */
export abstract class RecentMeals {
  /** When meals with carbohydrates were eaten in `[from, to]`, epoch milliseconds. */
  abstract withCarbs(patientId: string, from: Date, to: Date): Promise<readonly number[]>;
}
