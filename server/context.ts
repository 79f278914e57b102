/** What every capability is given: the settings, the languages, the questionnaires, the catalogues, the day it is. */
import type { Logger } from 'pino';
import type { Day } from '../models/day.js';
import type { SurveyCatalogue } from '../surveys/read.js';
import type { Config } from './config.js';
import type { Emblem } from './http/emblem.js';
import type { Language } from './http/language.js';
import type { Plan } from './plans/planFiles.js';
import type { ServiceCatalogue } from './services/catalogue.js';

export interface Context {
  readonly config: Config;
  readonly log: Logger;
  /** Vietnamese first. */
  readonly languages: readonly Language[];
  readonly surveys: SurveyCatalogue;
  readonly services: ServiceCatalogue;
  /** The department's emblem; null where it has given none. */
  readonly emblem: Emblem | null;
  readonly plans: ReadonlyMap<string, Plan>;
  /** How long a page waits for a job before it leads to where the job is watched, in milliseconds. */
  readonly patience: number;
  /** The day it is in Vietnam. */
  today(): Day;
}
