/** The form of a sampling plan as somebody fills it in: a sample by level and place, 5 % precise for the whole round. */
export const SAMPLE_FORM = {
  kind: 'sample',
  by: ['level', 'place'],
  precisionFor: 'round',
  margin: '5',
  confidence: '95',
  expected: '50',
  responseRate: '50',
  designEffect: '',
  spread: 'proportional',
  minimum: '10',
  drawn: '',
  seed: '',
};
