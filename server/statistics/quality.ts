/**
 * The limits of the quality flags: from where on a response looks careless or made by a machine. A flag says nothing
 * about the person, and no response is left out of a figure because of one.
 */

/**
 * Faster than this is too fast to have read the questions. Source: Wood, Harms, Lowman & DeSimone (2017), Response
 * speed and response consistency as mutually validating indicators of data quality in online samples, Social
 * Psychological and Personality Science 8(4), 454–464, doi:10.1177/1948550617703168: answers stop agreeing with each
 * other below 1 second per item. Huang, Curran, Keeney, Poposki & DeShon (2012) cut at 2 seconds; the lower one is
 * used, because it flags fewer people who merely read fast.
 */
export const FEWEST_SECONDS_PER_QUESTION = 1;

/**
 * So many levels, all equal, are a straight line; with fewer it happens by itself. A straight line may still be an
 * honest opinion (Curran 2016, Methods for the detection of carelessly invalid responses in survey data, Journal of
 * Experimental Social Psychology 66, 4–19).
 */
export const FEWEST_EQUAL_LEVELS = 10;

/** More sends than these for one unit from one network within the minutes are a burst; a class is not one. */
export const BURST = { sends: 40, minutes: 10 } as const;

/** The limits as the results page tells them. */
export const qualityLimits = {
  secondsPerQuestion: FEWEST_SECONDS_PER_QUESTION,
  equalLevels: FEWEST_EQUAL_LEVELS,
  burstFrom: BURST.sends + 1,
  burstMinutes: BURST.minutes,
} as const;
