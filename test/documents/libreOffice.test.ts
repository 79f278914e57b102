/** The documents as another program sets them in pages: LibreOffice, where it is installed. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dropDatabase } from '../database.js';
import { officeAgent, openedRound, startTestApp, unitRow } from '../http/testApp.js';
import { atRandom, storeResponses } from '../results/responses.js';
import { downloadedBytes } from './downloaded.js';

const canConvert = hasWriter() && spawnSync('pdftotext', ['-v']).status === 0;

/** LibreOffice may be there without the part that opens text documents. */
function hasWriter(): boolean {
  const found = spawnSync('which', ['soffice'], { encoding: 'utf8' });
  if (found.status !== 0) return false;
  return existsSync(path.join(path.dirname(realpathSync(found.stdout.trim())), 'libswlo.so'));
}

describe.skipIf(!canConvert)('in LibreOffice', () => {
  let folder: string;
  const pages = new Map<string, string[]>();

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'documents-'));
    const product = await startTestApp();
    const office = await officeAgent(product);
    const { round } = await openedRound(product, [
      { ...unitRow('Q1', ['thcs'], 'Trường THCS Nguyễn Thị Định'), enrolment: 300 },
      { ...unitRow('Q2', ['thcs'], 'Trường THCS Ngữ Ẩm Ướt'), enrolment: 200 },
    ]);
    for (const [unit, seed] of [
      ['Q1', 1],
      ['Q2', 2],
    ] as const)
      await storeResponses(
        product.context,
        { round, unit, survey: 'parents-thcs', service: 'thcs' },
        40,
        atRandom(seed),
      );
    for (const name of ['ke-hoach', 'bao-cao'] as const)
      writeFileSync(path.join(folder, `${name}.docx`), await downloadedBytes(office, round, name));
    const profile = `-env:UserInstallation=file://${folder}/profile`;
    execFileSync(
      'soffice',
      [
        profile,
        '--headless',
        '--convert-to',
        'pdf',
        '--outdir',
        folder,
        ...['ke-hoach', 'bao-cao'].map((name) => path.join(folder, `${name}.docx`)),
      ],
      { stdio: 'ignore', timeout: 100_000 },
    );
    for (const name of ['ke-hoach', 'bao-cao'])
      pages.set(
        name,
        execFileSync('pdftotext', ['-layout', path.join(folder, `${name}.pdf`), '-'], { encoding: 'utf8' })
          .split('\f')
          .slice(0, -1),
      );
  }, 120_000);
  afterAll(async () => {
    if (folder) rmSync(folder, { recursive: true, force: true });
    await dropDatabase();
  });

  it('every document has several pages, numbered from the second on', () => {
    expect(pages.size).toBe(2);
    for (const of of pages.values()) {
      expect(of.length).toBeGreaterThan(4);
      const numbers = of.map((page) =>
        page
          .split('\n')
          .find((line) => line.trim() !== '')
          ?.trim(),
      );
      expect(numbers[0]).not.toBe('1');
      expect(numbers.slice(1)).toEqual(of.slice(1).map((_, at) => String(at + 2)));
    }
  });

  it('letters are whole', () => {
    const [plan, report] = [pages.get('ke-hoach')?.join('\n') ?? '', pages.get('bao-cao')?.join('\n') ?? ''];
    for (const text of [plan, report]) {
      for (const words of [
        'CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM',
        'Độc lập - Tự do - Hạnh phúc',
        'SỞ GIÁO DỤC VÀ ĐÀO TẠO',
        'Nơi nhận:',
      ])
        expect(text.normalize('NFC')).toContain(words);
      expect(text).not.toContain('\ufffd');
    }
    expect(report.normalize('NFC')).toContain('Trường THCS Ngữ Ẩm Ướt');
  });

  it('recipients and signature stand on one page, with text above them', () => {
    for (const of of pages.values()) {
      const page = of.find((each) => each.includes('Nơi nhận:')) ?? '';
      expect(page).toContain('[họ và tên]');
      expect(page).toContain('./.');
    }
  });
});
