/** Forms as a browser sends them: every field of the page with what stands in it, and what a person changed. */
import { unescaped } from '../http/markup.js';

/** The fields of the page's form that goes to an address, with their values. */
export function formAt(html: string, action: string): Record<string, string | string[]> {
  const forms = [...html.matchAll(/<form\b([^>]*)>(.*?)<\/form>/gs)];
  const [, , form] = forms.find(([, attributes = '']) => attributeOf(attributes, 'action') === action) ?? [];
  if (form === undefined) throw new Error(`no form to ${action}`);
  const sent: [string, string][] = [];
  for (const [, attributes = ''] of form.matchAll(/<input\b([^>]*)>/g)) {
    const type = attributeOf(attributes, 'type') ?? 'text';
    if ((type === 'radio' || type === 'checkbox') && !/\schecked(\s|$)/.test(attributes)) continue;
    sent.push([attributeOf(attributes, 'name') ?? '', attributeOf(attributes, 'value') ?? '']);
  }
  for (const [, attributes = '', text = ''] of form.matchAll(/<textarea\b([^>]*)>(.*?)<\/textarea>/gs))
    sent.push([attributeOf(attributes, 'name') ?? '', unescaped(text.replace(/^\n/, ''))]);
  for (const [, attributes = '', options = ''] of form.matchAll(/<select\b([^>]*)>(.*?)<\/select>/gs)) {
    const all = [...options.matchAll(/<option value="([^"]*)"( selected)?/g)];
    const [, value = ''] = all.find(([, , selected]) => selected) ?? all[0] ?? [];
    sent.push([attributeOf(attributes, 'name') ?? '', unescaped(value)]);
  }
  const fields: Record<string, string | string[]> = {};
  for (const [name, value] of sent) {
    const before = fields[name];
    fields[name] = before === undefined ? value : [before, value].flat();
  }
  return fields;
}

function attributeOf(attributes: string, name: string): string | undefined {
  const value = new RegExp(`(?:^|\\s)${name}="([^"]*)"`).exec(attributes)?.[1];
  return value === undefined ? undefined : unescaped(value);
}
