/** Takes a form post apart: what the form itself sends, and the answers. */
import type { Request } from 'express';
import type { FormBody } from '../http/body.js';
import { secondsFrom } from './flags.js';
import { keyInAddress, submissionKeyFrom } from './submissionKey.js';

/** What came with a form. */
export interface PostedForm {
  /** The submission key, from the body or else from the address; null where there is none. */
  readonly key: string | null;
  /** Which edition of the questionnaire was on the phone; null where the form does not say. */
  readonly edition: string | null;
  /** Whole seconds from the first answer to the send by the form's own stopwatch; null where unknown. Never stored. */
  readonly seconds: number | null;
  /** Whether the person did not send, but asked for the form in another language. */
  readonly otherLanguage: boolean;
  /** The fields of the questionnaire. */
  readonly fields: FormBody;
}

/** The parts of a form post whose body is parsed. */
export function postedForm(request: Request): PostedForm {
  const { khoa, ban, giay, doi, ...fields } = request.body as FormBody;
  return {
    key:
      submissionKeyFrom(khoa) ??
      keyInAddress(request) ??
      (doi === undefined ? null : keyOfPageBefore(request)),
    edition: typeof ban === 'string' && ban !== '' ? ban : null,
    seconds: secondsFrom(giay),
    otherLanguage: doi !== undefined,
    fields,
  };
}

/** The button of another language leads to an address without the key; the page that it is on has it. */
function keyOfPageBefore(request: Request): string | null {
  const before = request.get('referer') ?? '';
  return URL.canParse(before) ? submissionKeyFrom(new URL(before).searchParams.get('phieu')) : null;
}
