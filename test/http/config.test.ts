import { describe, expect, it } from 'vitest';
import { readConfig } from '../../server/config.js';

const SECRET = 'a secret that is long enough for a test';

describe('a setting is refused in a sentence', () => {
  it.each([
    ['PORT', 'abc', 'PORT must be a whole number from 0 to 65535'],
    ['PORT', '  ', 'PORT must be a whole number from 0 to 65535'],
    ['PORT', '3e3', 'PORT must be a whole number from 0 to 65535'],
    ['PORT', '-1', 'PORT must be a whole number from 0 to 65535'],
    ['PORT', '70000', 'PORT must be a whole number from 0 to 65535'],
    ['TRUST_PROXY', 'true', 'TRUST_PROXY must be a whole number from 0 to 100'],
    ['MINIMUM_RESPONDENTS', '2', 'MINIMUM_RESPONDENTS must be a whole number from 3 to 1000'],
    ['OFFICE_SECOND_FACTOR', 'yes', 'OFFICE_SECOND_FACTOR must be true or false'],
    ['LOG_LEVEL', 'verbose', 'LOG_LEVEL must be one of fatal, error, warn, info, debug and silent'],
    ['PUBLIC_URL', 'khaosat.example.vn', 'PUBLIC_URL must be an address such as https://khaosat.example.vn'],
    ['PUBLIC_URL', 'ftp://khaosat.example.vn', 'PUBLIC_URL must be an address'],
    ['PUBLIC_URL', 'https://example.vn/khaosat', 'PUBLIC_URL must end with the name of the server'],
    ['PUBLIC_URL', 'https://example.vn/?x=1', 'PUBLIC_URL must end with the name of the server'],
    ['PUBLIC_URL', 'https://ten:matkhau@example.vn', 'PUBLIC_URL must end with the name of the server'],
  ])('%s=%s', (name, value, sentence) => {
    let said = '';
    try {
      readConfig({ SESSION_SECRET: SECRET, [name]: value });
    } catch (error) {
      said = (error as Error).message;
    }
    expect(said).toContain(sentence);
    expect(said).not.toContain('\n');
  });
});

describe('settings', () => {
  it('have defaults, and empty ones count as not set', () => {
    expect(readConfig({ SESSION_SECRET: SECRET, PORT: '', TRUST_PROXY: '' })).toMatchObject({
      port: 3000,
      trustProxy: 0,
      minimumRespondents: 5,
      publicUrl: null,
    });
  });

  it('are read as they are written', () => {
    const settings = { PORT: ' 8080 ', TRUST_PROXY: '2', PUBLIC_URL: 'https://khaosat.example.vn//' };
    expect(readConfig({ SESSION_SECRET: SECRET, ...settings })).toMatchObject({
      port: 8080,
      trustProxy: 2,
      publicUrl: 'https://khaosat.example.vn',
    });
  });
});
