/** What people, programs and attackers send to any field, beside what is right there. */
export const NASTY = [
  ...['', ' ', '1e400', '__proto__', 'constructor', '{"$ne":null}', '<script>', '%00%ff'],
  // A null character, one that turns the writing direction, one without width, half a pair.
  ...['\0', '\u202e\ufeff\ud83d\ude00'],
  'đ'.repeat(150),
  'x'.repeat(2000),
];
