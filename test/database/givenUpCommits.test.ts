/** LMDB can give a commit up because of its own list of free pages; whoever writes must not notice, and never twice. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Store } from '../../server/database/embedded/storage/store.js';

const GIVEN_UP = 'MDB_BAD_TXN: Transaction must abort: reserved freelist had a data entry with zero-size';

/** What the next commits come to, after their work is done and before anything is on disk. */
let failures: string[] = [];

vi.mock('lmdb', async (importOriginal) => {
  const lmdb = await importOriginal<typeof import('lmdb')>();
  const open = (options: Parameters<typeof lmdb.open>[0]) => {
    const database = lmdb.open(options);
    const transactionSync = database.transactionSync.bind(database);
    database.transactionSync = (work) =>
      transactionSync(() => {
        const result = work();
        const failure = failures.shift();
        if (failure) throw new Error(failure);
        return result;
      });
    return database;
  };
  return { ...lmdb, open };
});

let folder: string;
let store: Store;

beforeEach(async () => {
  failures = [];
  folder = await mkdtemp(path.join(tmpdir(), 'given-up-'));
  store = Store.open(folder);
});

afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

const key = (name: string) => Buffer.from(name);

/** Adds one to the number under a key, and answers with it. */
const addOne = (name: string) =>
  store.write(() => {
    const now = Number(store.get(key(name))?.toString() ?? 0) + 1;
    store.put(key(name), Buffer.from(String(now)));
    return now;
  });

test('a commit that is given up every time is told to the writer, and nothing of it is stored', async () => {
  failures = Array.from({ length: 20 }, () => GIVEN_UP);
  await expect(addOne('a')).rejects.toThrow('MDB_BAD_TXN');
  failures = [];
  expect(store.get(key('a'))).toBeUndefined();
  expect(await addOne('a')).toBe(1);
});

test('a commit that fails for another reason is not made again', async () => {
  failures = ['MDB_PROBLEM: Unexpected problem'];
  await expect(addOne('a')).rejects.toThrow('MDB_PROBLEM');
  expect(store.get(key('a'))).toBeUndefined();
});

test('a commit that is given up once is made again, and counts once', async () => {
  let undone = 0;
  store.onRollback(() => {
    undone += 1;
  });
  failures = [GIVEN_UP];
  expect(await addOne('a')).toBe(1);
  expect(store.get(key('a'))?.toString()).toBe('1');
  expect(undone, 'what is remembered in memory is read again').toBe(1);
});

test('writers who share a commit that is given up are all stored once', async () => {
  failures = [GIVEN_UP, GIVEN_UP, GIVEN_UP];
  await Promise.all(['a', 'b', 'a', 'c', 'a'].map(addOne));
  expect(['a', 'b', 'c'].map((name) => store.get(key(name))?.toString())).toEqual(['3', '1', '1']);
});
