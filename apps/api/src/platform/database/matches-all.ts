/** The filter for a field that matches each of the patterns, without regard to case; a dot is any character. */
export function matchesAll(field: string, patterns: readonly string[]): Record<string, unknown> {
  const conditions = patterns.map((pattern) => ({ [field]: { $regex: pattern, $options: 'is' } }));
  const [only] = conditions;
  return conditions.length === 1 && only !== undefined ? only : { $and: conditions };
}
