/** What TypeScript sources say in quotes, and which texts they ask for: read without comments and regular expressions. */

/** A call of phrase() or wording(): whole keys, or what a key that is put together begins with; names of the places given. */
export interface Asked {
  readonly source: string;
  readonly keys: readonly string[];
  readonly beginning: string;
  readonly places: readonly string[];
}

/** One piece of a source that is no comment, no regular expression, no space. */
interface Token {
  readonly kind: 'literal' | 'template' | 'name' | 'sign';
  readonly text: string;
  /** Of a template literal, what stands before, between and after its places. */
  readonly parts?: readonly string[];
}

/** After these a slash divides; after anything else it begins a regular expression. */
const VALUE_ENDS = /[\w$)\]]$/;

const TOKEN =
  /\/\/[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^'\\\n]|\\[\s\S])*'|"(?:[^"\\\n]|\\[\s\S])*"|\/(?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*|[\w$]+|[^\s]/gy;

/** Splits a source; of a template literal its fixed parts, and what is put between them after it. */
function tokensOf(source: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < source.length) {
    if (/\s/.test(source[at] ?? '')) {
      at += 1;
      continue;
    }
    if (source[at] === '`') {
      const { parts, inside, end } = templateAt(source, at);
      tokens.push({ kind: 'template', text: parts.join(''), parts }, ...inside.flatMap(tokensOf));
      at = end;
      continue;
    }
    TOKEN.lastIndex = at;
    const [found = source[at] ?? ''] = TOKEN.exec(source) ?? [];
    const isDivision =
      found[0] === '/' && !/^\/[/*]/.test(found) && VALUE_ENDS.test(tokens.at(-1)?.text ?? '');
    const piece = isDivision ? '/' : found;
    if (/^['"]/.test(piece)) tokens.push({ kind: 'literal', text: piece.slice(1, -1) });
    else if (/^[\w$]/.test(piece)) tokens.push({ kind: 'name', text: piece });
    else if (piece.length === 1) tokens.push({ kind: 'sign', text: piece });
    at += piece.length;
  }
  return tokens;
}

/** A template literal from its opening quote: fixed parts, sources between them, where it ends. */
function templateAt(source: string, from: number): { parts: string[]; inside: string[]; end: number } {
  const parts = [''];
  const inside: string[] = [];
  let at = from + 1;
  while (at < source.length && source[at] !== '`') {
    if (source.startsWith('${', at)) {
      const end = closingBrace(source, at + 2);
      inside.push(source.slice(at + 2, end));
      parts.push('');
      at = end + 1;
    } else {
      const length = source[at] === '\\' ? 2 : 1;
      parts[parts.length - 1] += source.slice(at, at + length);
      at += length;
    }
  }
  return { parts, inside, end: at + 1 };
}

function closingBrace(source: string, from: number): number {
  let depth = 0;
  for (let at = from; at < source.length; at += 1) {
    if (source[at] === '`') at = templateAt(source, at).end - 1;
    else if (source[at] === '{') depth += 1;
    else if (source[at] === '}') {
      if (depth === 0) return at;
      depth -= 1;
    }
  }
  return source.length;
}

/** Everything a source has in quotes; of template literals their fixed parts. */
export function literalsOf(source: string): string[] {
  return tokensOf(source).flatMap(({ kind, text, parts }) => parts ?? (kind === 'literal' ? [text] : []));
}

/** Every text a source asks for: `phrase('a.b', { place })`, `` wording(`a.${b}`) ``, `phrase(x ? 'a.b' : 'a.c')`. */
export function asksOf(source: string, text: string): Asked[] {
  const tokens = tokensOf(text);
  return tokens.flatMap((token, at) => {
    if (token.kind !== 'name' || !/^(phrase|wording)$/.test(token.text)) return [];
    if (tokens[at + 1]?.text !== '(' || tokens[at - 1]?.text === 'function') return [];
    const given = argumentsFrom(tokens, at + 2);
    const [key = [], places = []] = given;
    // Composed: the template comes first, what stands between its parts after it.
    const template = key.find(({ kind }) => kind === 'template');
    const keys = template
      ? []
      : key.flatMap((each) => (each.kind === 'literal' && each.text.includes('.') ? [each.text] : []));
    return [{ source, keys, beginning: template?.parts?.[0] ?? '', places: namesOf(places) }];
  });
}

/** The arguments of a call, each as its tokens. @param from after the opening bracket */
function argumentsFrom(tokens: readonly Token[], from: number): Token[][] {
  const all: Token[][] = [[]];
  let depth = 0;
  for (const token of tokens.slice(from)) {
    const sign = token.kind === 'sign' ? token.text : '';
    if (sign === ')' && depth === 0) break;
    if (/^[([{]$/.test(sign)) depth += 1;
    if (/^[)\]}]$/.test(sign)) depth -= 1;
    if (sign === ',' && depth === 0) all.push([]);
    else all.at(-1)?.push(token);
  }
  return all.filter((argument) => argument.length > 0);
}

/** The names of an object literal's own properties. */
function namesOf(tokens: readonly Token[]): string[] {
  const inside = tokens[0]?.text === '{' ? argumentsFrom(tokens.slice(0, -1), 1) : [];
  return inside.flatMap(([name]) => (name ? [name.text] : []));
}
