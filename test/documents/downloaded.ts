/** Downloads of documents, as whoever is logged in gets them. */
import type TestAgent from 'supertest/lib/agent.js';
import { WordFile } from './wordReader.js';

/** Downloads a document of a round and reads it. */
export async function downloaded(
  agent: TestAgent,
  round: string,
  name: 'ke-hoach' | 'bao-cao',
): Promise<WordFile> {
  return new WordFile(await downloadedBytes(agent, round, name));
}

export async function downloadedBytes(
  agent: TestAgent,
  round: string,
  name: 'ke-hoach' | 'bao-cao',
): Promise<Buffer> {
  const { body } = await agent
    .get(`/van-phong/dot/${round}/${name}.docx`)
    .buffer(true)
    .parse((response, done) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => done(null, Buffer.concat(chunks)));
    })
    .expect(200);
  return body as Buffer;
}
