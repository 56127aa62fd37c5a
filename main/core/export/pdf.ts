import PDFDocument from 'pdfkit';
import type { DocumentInput, DocumentPanel } from '#common/contract/console/dashboards.ts';
import { gridColumns } from '#common/contract/dashboards.ts';
import { productVersion } from '#common/contract/version.ts';
import { type Block, blocksOf } from './markdown.ts';
import { paginate } from './paginate.ts';
import { type Style, TextSetter } from './text.ts';
import { stamp, words } from './words.ts';

/** A4 landscape, points. */
const page = { width: 841.89, height: 595.28, margin: 34, footer: 22 };
const content = { width: page.width - 2 * page.margin, bottom: page.height - page.margin - page.footer };
const gap = 6;
const ink = { text: '#1b1d20', muted: '#565c64', faint: '#868d96', line: '#c9cdd2' };
/** Height of a cell on paper, in the proportions of a desktop screen. */
const rowHeight = (content.width / gridColumns) * 0.68;

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}
export interface PdfOptions {
  input: DocumentInput;
  /** PNG by panel id. */
  pictures: ReadonlyMap<string, Buffer>;
  now: number;
  signal: AbortSignal;
  /** 0 to 1, after each panel. */
  onProgress(done: number): void;
}

/**
 * Prints a dashboard on A4 landscape pages: a heading with the range, variables and source, then the panels as on the grid, none split between
 * pages. Text uses embedded fonts; charts are images.
 * @throws the signal's reason when it is cancelled
 */
export async function makePdf({ input, pictures, now, signal, onProgress }: PdfOptions): Promise<{ bytes: Buffer; pages: number }> {
  const rtl = input.language === 'ar';
  const doc = new PDFDocument({
    size: [page.width, page.height],
    margin: 0,
    autoFirstPage: false,
    bufferPages: true,
    lang: input.language,
    displayTitle: true,
    info: { Title: input.title, Subject: input.description, Creator: `Watchfloor ${productVersion}`, CreationDate: new Date(now) },
  });
  const chunks: Buffer[] = [];
  doc.on('data', (chunk: Buffer) => chunks.push(chunk));
  const ended = new Promise<void>((resolve, reject) => {
    doc.on('end', resolve);
    doc.on('error', reject);
  });
  const text = new TextSetter(doc, rtl ? 'rtl' : 'ltr');
  doc.addPage();
  const top = heading(doc, text, input);
  const pages = paginate(input.panels, (content.bottom - top) / rowHeight, (content.bottom - page.margin) / rowHeight);
  let done = 0;
  for (const [number, one] of pages.entries()) {
    if (number > 0) doc.addPage();
    const from = number === 0 ? top : page.margin;
    for (const panel of one.panels) {
      signal.throwIfAborted();
      drawPanel(doc, text, panel, boxOf(panel, one.top, from, rtl), pictures.get(panel.id), input.language);
      done += 1;
      onProgress(done / (input.panels.length + 1));
      // Lets other work run between panels.
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  signal.throwIfAborted();
  const { count } = doc.bufferedPageRange();
  for (let number = 0; number < count; number += 1) {
    doc.switchToPage(number);
    footer(doc, text, input, number + 1, count, now);
  }
  doc.end();
  await ended;
  onProgress(1);
  return { bytes: Buffer.concat(chunks), pages: count };
}

/** @returns where panels begin, points from the top */
function heading(doc: PDFKit.PDFDocument, text: TextSetter, input: DocumentInput): number {
  const t = words[input.language];
  const box = { x: page.margin, width: content.width };
  let y = page.margin;
  const title: Style = { size: 17, bold: true, color: ink.text };
  for (const line of text.wrap(input.title, content.width, title)) {
    text.draw(line, { ...box, y }, title);
    y += text.height(title);
  }
  const body: Style = { size: 8.5, color: ink.muted };
  const interval = (zone: string) => `${stamp(input.from, zone)} – ${stamp(input.to, zone)}`;
  const facts = [
    input.description,
    `${t.range}: ${interval('UTC')}`,
    input.timeZone === 'UTC' ? '' : `${t.local}: ${interval(input.timeZone)} (${input.timeZone})`,
    input.variables.length === 0 ? '' : `${t.variables}: ${input.variables.map(({ label, value }) => `${label} = ${value}`).join(' · ')}`,
    `${t.source}: ${input.source}${input.asOf === null ? '' : ` · ${t.asOf}: ${stamp(input.asOf, 'UTC')}`}`,
  ];
  for (const fact of facts) {
    for (const line of text.wrap(fact, content.width, body)) {
      text.draw(line, { ...box, y }, body);
      y += text.height(body);
    }
  }
  doc
    .moveTo(page.margin, y + 5)
    .lineTo(page.width - page.margin, y + 5)
    .lineWidth(0.5)
    .strokeColor(ink.line)
    .stroke();
  return y + 12;
}

function footer(doc: PDFKit.PDFDocument, text: TextSetter, input: DocumentInput, number: number, count: number, now: number): void {
  const t = words[input.language];
  const y = page.height - page.margin - 8;
  const style: Style = { size: 7.5, color: ink.faint };
  const half = content.width / 2 - 10;
  const [start, end] =
    text.page === 'rtl' ? [page.margin + content.width - half, page.margin] : [page.margin, page.margin + content.width - half];
  text.single(`${input.title} · ${t.made}: ${stamp(now, 'UTC')}`, { x: start, y, width: half }, style);
  text.single(t.page(number, count), { x: end, y, width: half }, style, 'end');
  doc.lineWidth(1);
}

/** In right-to-left pages the first column is at the right. */
function boxOf({ place }: DocumentPanel, top: number, from: number, rtl: boolean): Box {
  const cell = content.width / gridColumns;
  const x = (rtl ? gridColumns - place.x - place.w : place.x) * cell;
  const y = from + (place.y - top) * rowHeight;
  const height = Math.min(place.h * rowHeight, content.bottom - y);
  return { x: page.margin + x + gap / 2, y: y + gap / 2, width: place.w * cell - gap, height: height - gap };
}

function drawPanel(
  doc: PDFKit.PDFDocument,
  text: TextSetter,
  panel: DocumentPanel,
  box: Box,
  picture: Buffer | undefined,
  language: DocumentInput['language'],
): void {
  doc.roundedRect(box.x, box.y, box.width, box.height, 2).lineWidth(0.5).strokeColor(ink.line).stroke();
  const pad = 6;
  const inner = { x: box.x + pad, y: box.y + pad - 1, width: box.width - 2 * pad, height: box.height - 2 * pad };
  if (panel.title !== '') {
    const title: Style = { size: 8.5, bold: true, color: ink.text };
    text.single(panel.title, inner, title);
    const used = text.height(title) + 2;
    inner.y += used;
    inner.height -= used;
  }
  if (inner.height < 4 || inner.width < 4) return;
  const { content: shown } = panel;
  if (shown.kind === 'markdown') {
    drawBlocks(doc, text, blocksOf(shown.text), inner, words[language].more);
    return;
  }
  if (shown.kind === 'picture' && picture !== undefined) {
    doc.image(picture, inner.x, inner.y, { fit: [inner.width, inner.height], align: 'center', valign: 'center' });
    return;
  }
  const style: Style = { size: 8, color: ink.muted };
  let { y } = inner;
  for (const line of text.wrap(shown.kind === 'note' ? shown.text : words[language].lacking, inner.width, style)) {
    if (y + text.height(style) > inner.y + inner.height) break;
    text.draw(line, { ...inner, y }, style);
    y += text.height(style);
  }
}

interface SetLine {
  draw(y: number): void;
  height: number;
}

/** Text shrinks to fit, down to a size that can still be read on paper. If it is still too long, a note says that there is more. */
function drawBlocks(doc: PDFKit.PDFDocument, text: TextSetter, blocks: readonly Block[], box: Box, more: (lines: number) => string): void {
  for (const size of [9, 8, 7, 6]) {
    const lines = blocks.flatMap((block) => linesOf(doc, text, block, box, size));
    const height = lines.reduce((sum, line) => sum + line.height, 0);
    if (height > box.height && size > 6) continue;
    let { y } = box;
    const note: Style = { size: 6, color: ink.faint };
    for (const [i, line] of lines.entries()) {
      const last = i === lines.length - 1;
      if (y + line.height + (last ? 0 : text.height(note)) > box.y + box.height) {
        text.single(more(lines.length - i), { ...box, y: box.y + box.height - text.height(note) }, note);
        return;
      }
      line.draw(y);
      y += line.height;
    }
    return;
  }
}

function linesOf(doc: PDFKit.PDFDocument, text: TextSetter, block: Block, box: Box, size: number): SetLine[] {
  if (block.kind === 'rule') {
    const draw = (y: number) =>
      void doc
        .moveTo(box.x, y + size / 2)
        .lineTo(box.x + box.width, y + size / 2)
        .lineWidth(0.5)
        .strokeColor(ink.line)
        .stroke();
    return [{ height: size, draw }];
  }
  const style: Style =
    block.kind === 'heading' ? { size: size * (block.depth === 1 ? 1.35 : block.depth === 2 ? 1.2 : 1.05), bold: true } : { size };
  if (block.kind === 'code') style.color = ink.muted;
  const indent = block.kind === 'item' ? (block.depth + 1) * size * 1.3 : 0;
  const space = block.kind === 'paragraph' || block.kind === 'heading' ? size * 0.35 : size * 0.1;
  const lines = text.wrap(block.text, box.width - indent, style);
  return lines.map((line, i) => ({
    height: text.height(style) + (i === lines.length - 1 ? space : 0),
    draw: (y) => {
      const rtl = line.direction === 'rtl';
      const inside = { x: rtl ? box.x : box.x + indent, width: box.width - indent, y };
      text.draw(line, inside, style);
      if (i > 0 || block.mark === undefined) return;
      const mark = { words: [block.mark], direction: line.direction, width: text.width(block.mark, style) };
      const markWidth = size * 1.3;
      text.draw(mark, { x: rtl ? box.x + box.width - indent : box.x + indent - markWidth, width: markWidth, y }, style);
    },
  }));
}
