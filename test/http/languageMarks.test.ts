import { describe, expect, test } from 'vitest';
import { formatOf } from '../../server/http/format.js';
import { inDefaultLanguage, inPageLanguage, withLanguages } from '../../server/http/languageMarks.js';

const vi = inDefaultLanguage;
const km = inPageLanguage;
const page = (html: string) => withLanguages(html, 'km');

describe('no language is said', () => {
  test.each<[string, string, string]>([
    ['in an attribute', `<a title="${vi('Gửi')}" href='?${vi('a')}'>x</a>`, `<a title="Gửi" href='?a'>x</a>`],
    [
      'in an attribute after a >',
      `<a data-a="1 > 0" title="${vi('Gửi')}">`,
      '<a data-a="1 > 0" title="Gửi">',
    ],
    ['in a tag over several lines', `<input\n value="${vi('Gửi')}"\n>`, '<input\n value="Gửi"\n>'],
    ['in the title', `<title>${vi('Lỗi:')} ${km('ផ្ញើ')} – Sở</title>`, '<title>Lỗi: ផ្ញើ – Sở</title>'],
    [
      'in an option',
      `<option value="1" selected>${vi('từ')}</option><option>${vi('trên')}</option>`,
      '<option value="1" selected>từ</option><option>trên</option>',
    ],
    ['in a text area', `<TEXTAREA>\n${vi('Gửi')}</TEXTAREA>`, '<TEXTAREA>\nGửi</TEXTAREA>'],
    ['in a script', `<script>a = "<p>${vi('Gửi')}"</script>`, '<script>a = "<p>Gửi"</script>'],
    [
      'in a style',
      `<style>a::before{content:"${vi('Gửi')}"}</style>`,
      '<style>a::before{content:"Gửi"}</style>',
    ],
    ['in a comment', `<!-- <p>${vi('Gửi')} -->`, '<!-- <p>Gửi -->'],
    ['where it is the page’s', `<p>${km('ផ្ញើ')}</p>`, '<p>ផ្ញើ</p>'],
    ['twice', `<p>${vi(`Câu: ${vi('Phòng học')}`)}</p>`, '<p><bdi lang="vi">Câu: Phòng học</bdi></p>'],
  ])('%s', (_where, html, shown) => {
    expect(page(html)).toBe(shown);
  });
});

describe('the language is said', () => {
  test.each<[string, string, string]>([
    ['of a whole element', `<h1>${vi('Gửi')}</h1>`, '<h1><bdi lang="vi">Gửi</bdi></h1>'],
    ['of a part', `<legend>1. ${vi('Gửi')}</legend>`, '<legend>1. <bdi lang="vi">Gửi</bdi></legend>'],
    [
      'after an element of text',
      `<title>a</title><p>${vi('Gửi')}`,
      '<title>a</title><p><bdi lang="vi">Gửi</bdi>',
    ],
    [
      'of the page’s own words within others',
      `<li>${vi(`Câu 1: ${km('ផ្ញើ')} –`)} ${km('ផ្ញើ')}</li>`,
      '<li><bdi lang="vi">Câu 1: <bdi lang="km">ផ្ញើ</bdi> –</bdi> ផ្ញើ</li>',
    ],
    [
      'of others within the page’s own',
      `<li>${km(`ផ្ញើ ${vi('Gửi')}`)}</li>`,
      '<li>ផ្ញើ <bdi lang="vi">Gửi</bdi></li>',
    ],
  ])('%s', (_where, html, shown) => {
    expect(page(html)).toBe(shown);
  });
});

test('private-use characters that a person typed are text like any other', () => {
  const typed = '<p>\uE000d \uE000e \uE001</p>';
  expect(page(typed + vi('Gửi'))).toBe(`${typed}<bdi lang="vi">Gửi</bdi>`);
});

describe('numbers are written', () => {
  const written = (language: string) => {
    const format = formatOf(language);
    return [format.count(1234), format.number(92.5), format.percentage(96.24), format.percent(0.5)].join(
      ' | ',
    );
  };
  test.each([
    ['vi', '1.234 | 92,5 | 96,2\u00a0% | 50,0\u00a0%'],
    ['en', '1,234 | 92.5 | 96.2% | 50.0%'],
    ['rad', '1.234 | 92,5 | 96,2\u00a0% | 50,0\u00a0%'],
    ['th', '1,234 | 92.5 | 96.2% | 50.0%'],
  ])('as readers of %s expect', (language, expected) => {
    expect(written(language)).toBe(expected);
  });
});
