import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** One way to make a letter do something. */
export type Vector = {
  name: string;
  /** The body of a letter in HTML. */
  html?: string;
  /** The lines of a whole message; each character is one byte. */
  message?: string[];
  /** Too odd for SMTP: put into the mailbox as it is. */
  append?: boolean;
};

/** A message that is sent, with the vectors in it. */
export type Letter = {
  id: number;
  vectors: string[];
  bytes: Buffer;
  /** Its HTML, if it is built of nothing else. */
  body: string;
  append: boolean;
  /** Words that are shown when nothing swallowed what stands behind it. */
  marks: string[];
};

const FOLDER = join(__dirname, 'vectors');

/** The vectors of our own in one file. */
export function own(file: string): Vector[] {
  return JSON.parse(readFileSync(join(FOLDER, `${file}.json`), 'utf8')).vectors;
}

/** Payloads of the tests of other filters, whose licences stand beside them. */
export function library(): Vector[] {
  return readdirSync(FOLDER).filter((name) => name.endsWith('.json')).flatMap((name) => {
    const payloads: string[] = JSON.parse(readFileSync(join(FOLDER, name), 'utf8')).payloads ?? [];
    return payloads.map((html, index) => ({ name: `${name.replace('.json', '')} ${index + 1}`, html: html.replace(HOST, '//{host}') }));
  });
}

/** Hosts of the world are not bothered by tests; a name of a namespace is never asked. */
const HOST = /\/\/(?!www\.w3\.org)[a-z0-9-]+(\.[a-z0-9-]+)+/gi;

/** What swallows whatever follows it, or changes what it means, is sent alone. */
const ALONE =
  /<(\/?(html|head|body|frame|frameset|plaintext|xmp|listing|title|textarea|noscript|noembed|noframes|template|iframe|svg|math|select|option|script|base|form|table|t[rdh]|caption|button|dialog|a|b|p|h1|nobr|ruby|d[lt]|video|audio|object|applet|marquee|style[^>]*>[^<]*$)\b|!|\?)|<[^>]*$|<style[^>]*>(?![\s\S]*<\/style>)|["'=]\s*$|[\0]/i;
/** These may be followed by others after all, since they are closed as they should be. */
const CLOSED = /^(<style>[^<]*<\/style>)?(<(p|div|a|ul|td|span)( [^<>]*)?>[^<>]*<\/\3>|<(img|link|input)( [^<>]*)?>|[^<>])*$/;

const TOGETHER = 8;

/** Letters with these vectors, several in one where they do each other no harm. */
export function letters(vectors: Vector[], port: number, together = TOGETHER): Letter[] {
  const all: Letter[] = [];
  const ready = vectors.map((vector) => ({ vector, filled: vector.html && fill(vector.html, port, number(vector)) }));
  let shared: { vector: Vector; filled: string }[] = [];
  const post = () => {
    if (shared.length === 0) return;
    const marks = shared.map(({ vector }) => `mark-${number(vector)}-`);
    const body = shared.map(({ filled }, index) => `<div>${filled}</div><p>${marks[index]}</p>`).join('\n');
    all.push(html(all.length, shared.map(({ vector }) => vector.name), body, marks));
    shared = [];
  };
  for (const { vector, filled } of ready) {
    if (vector.message) {
      const message = vector.message.map((line) => fill(line, port, number(vector))).join('\r\n');
      const bytes = Buffer.from(`X-Leak: ${all.length}\r\n${message}\r\n`, 'latin1');
      all.push({ id: all.length, vectors: [vector.name], bytes, body: '', append: vector.append ?? false, marks: [] });
    } else if (together > 1 && (!ALONE.test(filled!) || CLOSED.test(filled!))) {
      shared.push({ vector, filled: filled! });
    } else {
      all.push(html(all.length, [vector.name], filled!, []));
    }
    if (shared.length === together) post();
  }
  post();
  return all;
}

function html(id: number, vectors: string[], body: string, marks: string[]): Letter {
  // Packed, so that every byte arrives as it is written here.
  const packed = Buffer.from(body).toString('base64').replace(/.{76}/g, '$&\r\n');
  const header = [
    `X-Leak: ${id}`, 'From: Mallory <mallory@x.test>', 'To: Anna <anna@x.test>', `Subject: Letter ${id}`,
    'MIME-Version: 1.0', 'Content-Type: text/html; charset=utf-8', 'Content-Transfer-Encoding: base64',
  ];
  return { id, vectors, bytes: Buffer.from(`${header.join('\r\n')}\r\n\r\n${packed}\r\n`), body, append: false, marks };
}

const numbers = new Map<string, number>();

/** A number for each vector, by which the stranger knows it. */
export function number(vector: Vector): number {
  if (!numbers.has(vector.name)) numbers.set(vector.name, numbers.size + 1);
  return numbers.get(vector.name)!;
}

/** Fills in where the stranger is, and what tells that it ran. */
export function fill(text: string, port: number, id: number): string {
  const run = `console.log(\`__leak-${id}\`)`;
  const mark = `"'--></title></textarea></style></script><leak-mark><img src=http://127.0.0.1:${port}/${id} onerror=${run} leak-mark>`;
  const q = [...Buffer.from(mark)].map((byte) => `=${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
  return text
    .replaceAll('{mark64}', Buffer.from(mark).toString('base64'))
    .replaceAll('{markpct}', encodeURIComponent(mark))
    .replaceAll('{markq8}', q)
    .replaceAll('{markq}', mark.replace(/["\\]/g, '\\$&'))
    .replaceAll('{mark}', mark)
    .replaceAll('{url}', `http://127.0.0.1:${port}/${id}`)
    .replaceAll('{host}', `leak.test:${port}/${id}`)
    .replaceAll('{run}', run);
}
