import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type PDFDocument from 'pdfkit';
import { encodeOutline, type PathCommand } from './outline.ts';

/** The console's fonts, in the order in which they are tried for a character. */
const files = [
  import.meta.resolve('@fontsource-variable/inter/files/inter-latin-wght-normal.woff2'),
  import.meta.resolve('@fontsource-variable/inter/files/inter-latin-ext-wght-normal.woff2'),
  import.meta.resolve('@fontsource-variable/noto-sans-arabic/files/noto-sans-arabic-arabic-wght-normal.woff2'),
  import.meta.resolve('@fontsource-variable/inter/files/inter-greek-wght-normal.woff2'),
  import.meta.resolve('@fontsource-variable/inter/files/inter-cyrillic-wght-normal.woff2'),
  import.meta.resolve('@fontsource-variable/noto-sans-arabic/files/noto-sans-arabic-symbols-wght-normal.woff2'),
  import.meta.resolve('@fontsource-variable/noto-sans-arabic/files/noto-sans-arabic-math-wght-normal.woff2'),
];

interface Glyph {
  path: { commands: PathCommand[] };
  advanceWidth: number;
  _getMetrics(): { leftBearing: number };
}
/** The part of fontkit's subset that is used here. Its own writer fails on WOFF2, where it doesn't find the outlines. */
interface Subset {
  font: { getGlyph(id: number): Glyph };
  glyf: Buffer[];
  loca: { offsets: number[] };
  hmtx: { metrics: { advance: number; bearing: number }[] };
  offset: number;
  _addGlyph(id: number): number;
}
interface OpenFont {
  subset: Subset;
  font: { hasGlyphForCodePoint(code: number): boolean };
}

function addOutline(this: Subset, id: number): number {
  const glyph = this.font.getGlyph(id);
  const outline = encodeOutline(glyph.path.commands);
  this.glyf.push(outline);
  this.loca.offsets.push(this.offset);
  this.hmtx.metrics.push({ advance: glyph.advanceWidth, bearing: glyph._getMetrics().leftBearing });
  this.offset += outline.length;
  return this.glyf.length - 1;
}

export interface Fonts {
  /** The font that has all characters of a word; null if there is none. */
  faceFor(word: string): string | null;
  /** A font for one character, preferably that of the character before. A character that no font has is drawn as an empty box. */
  faceOf(character: string, before?: string): string;
}

/** Embeds the console's fonts in a document, each reduced to the characters that are used. */
export function embedFonts(doc: typeof PDFDocument.prototype): Fonts {
  const faces = files.map((file, place) => {
    const name = `face-${place}`;
    doc.registerFont(name, readFileSync(fileURLToPath(file)));
    doc.font(name);
    const open = (doc as unknown as { _font: OpenFont })._font;
    open.subset._addGlyph = addOutline;
    return { name, has: (character: string) => open.font.hasGlyphForCodePoint(character.codePointAt(0) ?? 0) };
  });
  return {
    faceFor: (word) => faces.find(({ has }) => [...word].every(has))?.name ?? null,
    faceOf: (character, before) => {
      const able = faces.filter(({ has }) => has(character)).map(({ name }) => name);
      return before !== undefined && able.includes(before) ? before : (able[0] ?? 'face-0');
    },
  };
}
