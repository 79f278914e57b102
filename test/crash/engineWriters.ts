/** Writers whose every acknowledged write is remembered, so that what a killed engine kept can be compared with it. */
import { mongo } from 'mongoose';

interface Kept {
  _id: string;
  unique: string;
  count: number;
  tags: number[];
}

/** What must be in the database: exactly, or – for a write whose answer never came – as one of two states. */
type Expected = (Kept | undefined)[];

export class Writers {
  readonly acknowledged = { writes: 0 };
  readonly #expected = new Map<string, Expected>();
  #running = true;

  private constructor(
    readonly client: mongo.MongoClient,
    readonly db: mongo.Db,
  ) {}

  static async connect(uri: string): Promise<Writers> {
    const client = await new mongo.MongoClient(uri, {
      serverSelectionTimeoutMS: 15_000,
      maxPoolSize: 20,
    }).connect();
    return new Writers(client, client.db('kills'));
  }

  get #docs(): mongo.Collection<Kept> {
    return this.db.collection<Kept>('kept');
  }

  async prepare(): Promise<void> {
    await this.#docs.createIndex({ unique: 1 }, { unique: true });
    await this.#docs.createIndex({ tags: 1, count: -1 });
    await this.#docs.createIndex({ count: 1 }, { partialFilterExpression: { count: { $gt: 2 } } });
  }

  /** Runs mixed writes until `stop`, each writer on documents of its own. */
  start(writers: number): Promise<unknown> {
    this.#running = true;
    return Promise.all([...Array(writers).keys()].map((writer) => this.#write(writer)));
  }

  stop(): void {
    this.#running = false;
  }

  async #write(writer: number): Promise<void> {
    while (this.#running) {
      const _id = `${writer}-${Math.floor(Math.random() * 40)}`;
      const states = this.#expected.get(_id) ?? [undefined];
      if (states.length > 1) continue;
      const [before] = states;
      const next = change(before, _id);
      this.#expected.set(_id, [before, next]);
      try {
        await this.#apply(_id, before, next);
        this.acknowledged.writes++;
        this.#expected.set(_id, [next]);
      } catch (error) {
        if (error instanceof mongo.MongoServerError && error.code !== undefined && error.code !== 91)
          throw error;
        // no answer: either state may be in the file; the next check settles which
      }
    }
  }

  async #apply(_id: string, before: Kept | undefined, next: Kept | undefined): Promise<void> {
    if (!next) await this.#docs.deleteOne({ _id });
    else if (!before) await this.#docs.insertOne(next);
    else if (next.count % 3 === 0) {
      await this.#docs.findOneAndUpdate({ _id }, { $inc: { count: 1 }, $push: { tags: next.count } });
    } else await this.#docs.updateOne({ _id }, { $inc: { count: 1 }, $push: { tags: next.count } });
  }

  /** Compares everything with what was acknowledged, and documents with indexes. Gives the differences in words. */
  async differences(): Promise<string[]> {
    const found = new Map((await this.#docs.find().toArray()).map((doc) => [doc._id, doc]));
    const wrong: string[] = [];
    for (const [_id, states] of this.#expected) {
      const there = found.get(_id);
      const shown = JSON.stringify(there);
      if (!states.some((state) => JSON.stringify(state) === shown)) {
        wrong.push(
          `${_id}: expected ${states.map((state) => JSON.stringify(state)).join(' or ')}, found ${shown}`,
        );
      }
      this.#expected.set(_id, [there]);
      found.delete(_id);
    }
    for (const _id of found.keys()) wrong.push(`${_id}: never written`);
    for (const { name } of await this.db.listCollections().toArray()) {
      const { errors } = await this.db.command({ validate: name });
      wrong.push(...(errors as string[]).map((error) => `${name}: ${error}`));
    }
    return wrong;
  }
}

/** A document's next state: made, counted up, or deleted. */
function change(before: Kept | undefined, _id: string): Kept | undefined {
  if (!before) return { _id, unique: `u-${_id}`, count: 0, tags: [] };
  if (before.count > 6) return undefined;
  return { ...before, count: before.count + 1, tags: [...before.tags, before.count + 1] };
}
