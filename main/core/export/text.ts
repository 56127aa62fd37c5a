import type PDFDocument from 'pdfkit';
import { type Direction, directionOf, visualParts } from './bidi.ts';
import { embedFonts, type Fonts } from './fonts.ts';

export interface Style {
  /** Points. */
  size: number;
  bold?: boolean;
  color?: string;
}
export interface TextLine {
  words: string[];
  direction: Direction;
  /** Points. */
  width: number;
}

const lineHeight = 1.4;
const spaceWidth = 0.27;
const ofArabic = /\p{Script=Arabic}|\p{Script=Hebrew}/u;

/** Prints text of several scripts on a page: shaped by its font, ordered by the bidirectional rules, aligned on one baseline. */
export class TextSetter {
  readonly #doc: typeof PDFDocument.prototype;
  readonly #fonts: Fonts;
  /** The direction of the page. */
  readonly page: Direction;

  constructor(doc: typeof PDFDocument.prototype, page: Direction) {
    this.#doc = doc;
    this.#fonts = embedFonts(doc);
    this.page = page;
  }

  /** Height of a line, points. */
  height({ size }: Style): number {
    return size * lineHeight;
  }

  /** Breaks a paragraph into lines of at most a width. A word that is wider than that is cut where it must be. */
  wrap(text: string, width: number, style: Style): TextLine[] {
    const direction = directionOf(text, this.page);
    const lines: TextLine[] = [];
    let line: TextLine = { words: [], direction, width: 0 };
    const space = style.size * spaceWidth;
    for (const word of text.split(/\s+/).filter((one) => one !== '')) {
      for (const part of this.#cut(word, width, style)) {
        const wide = this.width(part, style);
        if (line.words.length > 0 && line.width + space + wide > width) {
          lines.push(line);
          line = { words: [], direction, width: 0 };
        }
        line.width += (line.words.length > 0 ? space : 0) + wide;
        line.words.push(part);
      }
    }
    if (line.words.length > 0) lines.push(line);
    return lines;
  }

  /** Draws a line between two sides; `y` is its top. Lines are aligned to the side where they start, unless specified otherwise. */
  draw(line: TextLine, box: { x: number; y: number; width: number }, style: Style, align: 'start' | 'end' = 'start'): void {
    const atRight = (line.direction === 'rtl') === (align === 'start');
    let x = atRight ? box.x + box.width - line.width : box.x;
    const baseline = box.y + style.size * 1.06;
    for (const part of visualParts(line.words.join(' '), line.direction)) {
      x = part.trim() === '' ? x + style.size * spaceWidth : this.#word(part, x, baseline, style);
    }
  }

  /** Draws one line, shortened with “…” if it doesn't fit. */
  single(text: string, box: { x: number; y: number; width: number }, style: Style, align: 'start' | 'end' = 'start'): void {
    const [first, ...rest] = this.wrap(text, box.width, style);
    if (!first) return;
    if (rest.length === 0) {
      this.draw(first, box, style, align);
      return;
    }
    const words = [...first.words];
    const fits = () => this.wrap(`${words.join(' ')}…`, box.width, style);
    while (words.length > 1 && fits().length > 1) words.pop();
    const [cut] = fits();
    if (cut) this.draw({ ...cut, direction: first.direction }, box, style, align);
  }

  /** Points. */
  width(word: string, { size }: Style): number {
    return this.#runs(word).reduce((sum, { face, text }) => sum + this.#doc.font(face).fontSize(size).widthOfString(text), 0);
  }

  #word(word: string, x: number, baseline: number, { size, bold, color = '#1b1d20' }: Style): number {
    const runs = this.#runs(word);
    for (const { face, text } of ofArabic.test(word) ? runs.toReversed() : runs) {
      this.#doc.font(face).fontSize(size).fillColor(color);
      // Each font has one weight: bold text is drawn with an outline.
      if (bold) this.#doc.strokeColor(color).lineWidth(size * 0.035);
      this.#doc.text(text, x, baseline, { lineBreak: false, baseline: 'alphabetic', ...(bold ? { stroke: true, fill: true } : {}) });
      x += this.#doc.widthOfString(text);
    }
    return x;
  }

  /** Splits a word into runs of characters that have the same font. */
  #runs(word: string): { face: string; text: string }[] {
    const whole = this.#fonts.faceFor(word);
    if (whole !== null) return [{ face: whole, text: word }];
    const runs: { face: string; text: string }[] = [];
    for (const character of word) {
      const last = runs.at(-1);
      const face = this.#fonts.faceOf(character, last?.face);
      if (last && last.face === face) last.text += character;
      else runs.push({ face, text: character });
    }
    return runs;
  }

  #cut(word: string, width: number, style: Style): string[] {
    if (this.width(word, style) <= width) return [word];
    const parts: string[] = [];
    let part = '';
    for (const character of word) {
      if (part !== '' && this.width(part + character, style) > width) {
        parts.push(part);
        part = '';
      }
      part += character;
    }
    return [...parts, part];
  }
}
