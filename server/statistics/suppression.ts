/** Small numbers: a figure that too few people stand behind could tell who answered, so it is not shown. */

/** Whether figures over so many people must be hidden. @param minimum fewest people a figure may stand for */
export function isSuppressed(people: number, minimum: number): boolean {
  return people > 0 && people < minimum;
}
