/** Addresses of the form: unit, survey and service, and how the person came there, which every link carries along. */
import type { Request } from 'express';
import type { Response as Answered } from '../../models/responses.js';
import { withLanguage, withQuery } from '../http/pages.js';

/** How a person came to the form: by a link, by the QR code of a poster, or at the desk's own tablet. */
type FormChannel = Extract<Answered['channel'], 'link' | 'qr' | 'kiosk'>;

/** What `?kenh=` says for each channel; a plain link says nothing. */
const NAMES: Readonly<Record<FormChannel, string>> = { link: '', qr: 'qr', kiosk: 'quay' };

/** The channel of a request; anything unknown is a link. */
export function channelOf(request: Request): FormChannel {
  const channels: readonly FormChannel[] = ['qr', 'kiosk'];
  return channels.find((channel) => NAMES[channel] === request.query.kenh) ?? 'link';
}

/** Where the pages of a channel are shown: the desk's tablet has them in a frame. */
export function frameOf(channel: FormChannel): 'within' | undefined {
  return channel === 'kiosk' ? 'within' : undefined;
}

/** An address of ours that keeps the channel. */
export function withChannel(address: string, channel: FormChannel): string {
  return channel === 'link' ? address : withQuery(address, `kenh=${NAMES[channel]}`);
}

/**
 * The address of a form behind an invitation code, as seen from that form: the page has no code in it, and is the same
 * for everybody.
 */
export function invitedFormAddress(service: string, channel: FormChannel, lang: string): string {
  return withLanguage(withChannel(service, channel), lang);
}

/** The address of a form, without a submission key. */
export function formAddress(
  { code, survey, service }: { code: string; survey: string; service: string },
  channel: FormChannel,
  lang: string,
): string {
  return withLanguage(withChannel(`/k/${code}/${survey}/${service}`, channel), lang);
}
