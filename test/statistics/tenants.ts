/**
 * Satisfaction of 1681 tenants in Copenhagen, R's MASS::housing (M. Madsen 1976, Statistical analysis of multiple
 * contingency tables, Scandinavian Journal of Statistics 3:97–106): xtabs(Freq ~ Infl + Sat, housing) and
 * xtabs(Freq ~ Cont + Sat, housing). Columns: low, medium and high satisfaction.
 */
export const TENANTS = {
  /** Influence on the management: low, medium, high. */
  influence: [
    [282, 170, 175],
    [206, 189, 264],
    [79, 87, 229],
  ],
  /** Contact with other tenants: low, high. */
  contact: [
    [262, 178, 273],
    [305, 268, 395],
  ],
};
