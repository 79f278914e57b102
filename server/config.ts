/** Every setting of the server: meaning, format, default and environment name side by side. */
import path from 'node:path';
import { z } from 'zod';

const flag = z
  .enum(['true', 'false'], { error: 'must be true or false' })
  .transform((value) => value === 'true');

/** A whole number as people write one: neither 3e3 nor a few spaces, which would be 0. */
function whole(least: number, most: number) {
  const error = `must be a whole number from ${least} to ${most}`;
  return z
    .string()
    .trim()
    .regex(/^\d{1,9}$/, { error, abort: true })
    .transform(Number)
    .refine((value) => value >= least && value <= most, { error });
}

/** Whether an address is that of a server alone: the pages' own links begin at its root. */
function isServerAlone(address: string): boolean {
  const { pathname, search, hash, username, password } = new URL(address);
  return /^\/+$/.test(pathname) && `${search}${hash}${username}${password}` === '';
}

const environmentSchema = z.object({
  PORT: whole(0, 65535).default(3000).describe('Port to listen on; 0 picks a free one'),
  HOST: z.string().min(1).default('0.0.0.0').describe('Address to listen on'),
  PUBLIC_URL: z
    .url({
      protocol: /^https?$/,
      error: 'must be an address such as https://khaosat.example.vn',
      abort: true,
    })
    .refine(isServerAlone, {
      error: 'must end with the name of the server: nothing may follow it, as in https://khaosat.example.vn',
    })
    .optional()
    .describe('Address under which people reach the server, printed in links; default http://HOST:PORT'),
  DATA_DIR: z.string().min(1).default('data').describe('Folder of the embedded database'),
  MONGODB_URI: z
    .string()
    .regex(/^mongodb(\+srv)?:\/\//, 'must begin with mongodb:// or mongodb+srv://')
    .optional()
    .describe('MongoDB server to use instead of the embedded database'),
  SESSION_SECRET: z
    .string({ error: 'is missing: set it to a random text of at least 32 characters (openssl rand -hex 32)' })
    .min(32, 'must have at least 32 characters (openssl rand -hex 32)')
    .describe('Signs the session cookie of the office pages'),
  DEPARTMENT_NAME: z
    .string()
    .min(1)
    .default('Sở Giáo dục và Đào tạo')
    .describe('Name of the department, shown on every page'),
  EMBLEM: z
    .string()
    .min(1)
    .optional()
    .describe('Picture file (SVG or PNG) printed on posters and letters; none by default'),
  MINIMUM_RESPONDENTS: whole(3, 1000).default(5).describe('Figures over fewer people than this are hidden'),
  OFFICE_SECOND_FACTOR: flag
    .default(false)
    .describe('Whether accounts of the office must log in with an authenticator app as well'),
  TRUST_PROXY: whole(0, 100).default(0).describe('How many reverse proxies stand before the server'),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent'], {
      error: 'must be one of fatal, error, warn, info, debug and silent',
    })
    .default('info'),
  DEMO: flag.default(false).describe('Marks every page as demonstration data; npm run demo sets it'),
});

export interface Config {
  readonly port: number;
  readonly host: string;
  readonly publicUrl: string | null;
  readonly dataDir: string;
  readonly mongodbUri: string | null;
  readonly sessionSecret: string;
  readonly departmentName: string;
  readonly emblem: string | null;
  readonly minimumRespondents: number;
  readonly officeSecondFactor: boolean;
  readonly trustProxy: number;
  readonly logLevel: string;
  readonly demo: boolean;
}

/** Settings that are missing or wrong; one line for each. */
class ConfigError extends Error {
  override name = 'ConfigError';
}

/**
 * The settings of an environment. Empty variables count as not set.
 * @throws {ConfigError} naming every variable that is missing or wrong, and what to do
 */
export function readConfig(environment: NodeJS.ProcessEnv): Config {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const result = environmentSchema.safeParse(given);
  if (!result.success)
    throw new ConfigError(
      result.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`).join('\n'),
    );
  const set = result.data;
  return {
    port: set.PORT,
    host: set.HOST,
    publicUrl: set.PUBLIC_URL?.replace(/\/+$/, '') ?? null,
    dataDir: path.resolve(set.DATA_DIR),
    mongodbUri: set.MONGODB_URI ?? null,
    sessionSecret: set.SESSION_SECRET,
    departmentName: set.DEPARTMENT_NAME,
    emblem: set.EMBLEM ?? null,
    minimumRespondents: set.MINIMUM_RESPONDENTS,
    officeSecondFactor: set.OFFICE_SECOND_FACTOR,
    trustProxy: set.TRUST_PROXY,
    logLevel: set.LOG_LEVEL,
    demo: set.DEMO,
  };
}
