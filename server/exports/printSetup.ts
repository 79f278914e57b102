/** How the sheets of a workbook are printed, which the library that writes it has no setting for. */
import type { Blob } from 'node:buffer';
import type { Stream } from 'node:stream';
import type { Feature } from 'write-excel-file/node';

/** What the library takes as the content of a file; it does not name it. */
type FileContent = Stream | Buffer | Blob;

/**
 * A4 across, as wide as one page and as long as it takes, the first row on each page, a title above and page numbers
 * below. @param sheets name and printed title of each, in their order
 */
export function printSetup(sheets: readonly { name: string; title: string }[]): Feature<FileContent> {
  return {
    files: {
      transform: {
        'xl/workbook.xml': {
          transform: (xml) => {
            const titles = sheets.map(
              ({ name }, index) =>
                `<definedName name="_xlnm.Print_Titles" localSheetId="${index}">${escaped(`'${name.replaceAll("'", "''")}'!$1:$1`)}</definedName>`,
            );
            const names = `<definedNames>${titles.join('')}</definedNames>`;
            return xml.replace(/<definedNames\s*\/>/, () => names);
          },
        },
        'xl/worksheets/sheet{id}.xml': {
          transform: (xml) =>
            xml.replace(
              /<worksheet\b[^>]*>/,
              (head) => `${head}<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>`,
            ),
          transformElementAttributes: (tag, attributes) =>
            tag === 'pageSetup' ? { ...attributes, fitToWidth: 1, fitToHeight: 0 } : attributes,
          insert: (_options, { sheetIndex }) => {
            const title = (sheets[sheetIndex]?.title ?? '').replaceAll('&', '&&');
            return `<headerFooter><oddHeader>${escaped(`&C${title}`)}</oddHeader><oddFooter>${escaped('&C&P/&N')}</oddFooter></headerFooter>`;
          },
        },
      },
    },
  };
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
