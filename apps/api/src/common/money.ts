/** A sum of money without the dust of binary fractions: to a millionth. */
export function roundMoney(amount: number): number {
  return Math.round(amount * 1_000_000) / 1_000_000;
}
