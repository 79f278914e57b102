/** The end of an official document: recipients on the left, signature on the right, on one page. */
import { Paragraph, type Table } from 'docx';
import { phrase } from '../wording.js';
import type { OfficialDocument } from './content.js';
import { line, twoColumns } from './head.js';
import { points, TEXT_WIDTH } from './layout.js';
import { runsOf } from './runs.js';
import { STYLE } from './styles.js';

const LEFT = 72;

/** Room for signature and seal. */
const SIGNATURE_GAP = points(72);

/** Recipients and signature. */
export function footOf({ recipients, position, signer }: OfficialDocument): (Paragraph | Table)[] {
  const last = recipients.length - 1;
  return [
    new Paragraph({ style: STYLE.rule, spacing: { before: points(6), after: 0 }, keepNext: true }),
    twoColumns(
      [
        [
          line(STYLE.recipientsHead, phrase('frame.recipients')),
          ...recipients.map(
            (recipient, at) =>
              new Paragraph({
                style: STYLE.recipient,
                children: [...runsOf('- '), ...runsOf(recipient), ...runsOf(at === last ? '.' : ';')],
              }),
          ),
        ],
        [...position.map((words) => line(STYLE.position, words)), line(STYLE.signer, signer, SIGNATURE_GAP)],
      ],
      [LEFT, TEXT_WIDTH - LEFT],
    ),
    // A document must not end with a table.
    new Paragraph({ style: STYLE.rule }),
  ];
}
