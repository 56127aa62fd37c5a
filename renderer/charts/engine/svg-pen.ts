import type { Pen } from './pen.ts';

interface Look {
  fillStyle: Pen['fillStyle'];
  strokeStyle: Pen['strokeStyle'];
  globalAlpha: number;
  lineWidth: number;
  lineJoin: CanvasLineJoin;
  lineCap: CanvasLineCap;
  font: string;
  textAlign: CanvasTextAlign;
  textBaseline: CanvasTextBaseline;
  dash: number[];
  dx: number;
  dy: number;
  sx: number;
  sy: number;
  /** Groups opened since the state was saved. */
  groups: number;
}

const start: Look = {
  fillStyle: '#000',
  strokeStyle: '#000',
  globalAlpha: 1,
  lineWidth: 1,
  lineJoin: 'miter',
  lineCap: 'butt',
  font: '10px sans-serif',
  textAlign: 'left',
  textBaseline: 'alphabetic',
  dash: [],
  dx: 0,
  dy: 0,
  sx: 1,
  sy: 1,
  groups: 0,
};

const short = (value: number): string => String(Math.round(value * 100) / 100);
const quoted = (text: string): string =>
  text.replace(/[&<>"]/g, (one) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[one] ?? one);
const anchors: Partial<Record<CanvasTextAlign, string>> = { center: 'middle', right: 'end', end: 'end' };
const baselines: Partial<Record<CanvasTextBaseline, string>> = { middle: 'central', top: 'text-before-edge', bottom: 'text-after-edge' };

/** A pen that writes an SVG document. Consecutive rectangles of one style share a path. */
export class SvgPen implements Pen {
  readonly #width: number;
  readonly #height: number;
  readonly #out: string[] = [];
  readonly #saved: Look[] = [];
  #look: Look = { ...start };
  #path = '';
  #boxes = '';
  #boxLook = '';
  #clips = 0;

  constructor(width: number, height: number) {
    this.#width = width;
    this.#height = height;
  }

  get fillStyle() {
    return this.#look.fillStyle;
  }
  set fillStyle(value) {
    this.#look.fillStyle = value;
  }
  get strokeStyle() {
    return this.#look.strokeStyle;
  }
  set strokeStyle(value) {
    this.#look.strokeStyle = value;
  }
  get globalAlpha() {
    return this.#look.globalAlpha;
  }
  set globalAlpha(value) {
    this.#look.globalAlpha = value;
  }
  get lineWidth() {
    return this.#look.lineWidth;
  }
  set lineWidth(value) {
    this.#look.lineWidth = value;
  }
  get lineJoin() {
    return this.#look.lineJoin;
  }
  set lineJoin(value) {
    this.#look.lineJoin = value;
  }
  get lineCap() {
    return this.#look.lineCap;
  }
  set lineCap(value) {
    this.#look.lineCap = value;
  }
  get font() {
    return this.#look.font;
  }
  set font(value) {
    this.#look.font = value;
  }
  get textAlign() {
    return this.#look.textAlign;
  }
  set textAlign(value) {
    this.#look.textAlign = value;
  }
  get textBaseline() {
    return this.#look.textBaseline;
  }
  set textBaseline(value) {
    this.#look.textBaseline = value;
  }

  save(): void {
    this.#saved.push({ ...this.#look });
    this.#look.groups = 0;
  }

  restore(): void {
    this.#flush();
    for (let i = 0; i < this.#look.groups; i++) this.#out.push('</g>');
    this.#look = this.#saved.pop() ?? { ...start };
  }

  translate(x: number, y: number): void {
    this.#look.dx += x * this.#look.sx;
    this.#look.dy += y * this.#look.sy;
  }

  scale(x: number, y: number): void {
    this.#look.sx *= x;
    this.#look.sy *= y;
  }

  beginPath(): void {
    this.#path = '';
  }

  moveTo(x: number, y: number): void {
    this.#path += `M${this.#at(x, y)}`;
  }

  lineTo(x: number, y: number): void {
    this.#path += `${this.#path === '' ? 'M' : 'L'}${this.#at(x, y)}`;
  }

  closePath(): void {
    this.#path += 'Z';
  }

  rect(x: number, y: number, width: number, height: number): void {
    this.#path += this.#box(x, y, width, height);
  }

  clip(): void {
    this.#flush();
    const id = `clip${this.#clips++}`;
    this.#out.push(`<clipPath id="${id}"><path d="${this.#path}"/></clipPath><g clip-path="url(#${id})">`);
    this.#look.groups += 1;
  }

  fill(): void {
    this.#flush();
    if (this.#path !== '') this.#out.push(`<path d="${this.#path}" ${this.#filled()}/>`);
  }

  stroke(): void {
    this.#flush();
    if (this.#path === '') return;
    const { strokeStyle, globalAlpha, lineWidth, lineJoin, lineCap, dash, sx } = this.#look;
    const dashes = dash.length > 0 ? ` stroke-dasharray="${dash.map((one) => short(one * sx)).join(' ')}"` : '';
    this.#out.push(
      `<path d="${this.#path}" fill="none" stroke="${quoted(String(strokeStyle))}" stroke-opacity="${short(globalAlpha)}" stroke-width="${short(lineWidth * sx)}" stroke-linejoin="${lineJoin}" stroke-linecap="${lineCap}"${dashes}/>`,
    );
  }

  fillRect(x: number, y: number, width: number, height: number): void {
    const look = this.#filled();
    if (look !== this.#boxLook) this.#flush();
    this.#boxLook = look;
    this.#boxes += this.#box(x, y, width, height);
  }

  fillText(text: string, x: number, y: number): void {
    this.#flush();
    const { font, textAlign, textBaseline, dx, dy, sx, sy } = this.#look;
    const [, size = '10', family = 'sans-serif'] = /([\d.]+)px\s+(.*)$/.exec(font) ?? [];
    const anchor = anchors[textAlign] ?? 'start';
    const baseline = baselines[textBaseline] ?? 'auto';
    this.#out.push(
      `<text x="${short(dx + x * sx)}" y="${short(dy + y * sy)}" font-family="${quoted(family)}" font-size="${short(Number(size) * sy)}" text-anchor="${anchor}" dominant-baseline="${baseline}" ${this.#filled()}>${quoted(text)}</text>`,
    );
  }

  setLineDash(dash: Iterable<number>): void {
    this.#look.dash = [...dash];
  }

  /** Returns the document so far. */
  toString(): string {
    this.#flush();
    const size = `width="${short(this.#width)}" height="${short(this.#height)}" viewBox="0 0 ${short(this.#width)} ${short(this.#height)}"`;
    return `<svg xmlns="http://www.w3.org/2000/svg" ${size}>${this.#out.join('')}</svg>`;
  }

  #at(x: number, y: number): string {
    const { dx, dy, sx, sy } = this.#look;
    return `${short(dx + x * sx)} ${short(dy + y * sy)}`;
  }

  #box(x: number, y: number, width: number, height: number): string {
    const { sx, sy } = this.#look;
    return `M${this.#at(x, y)}h${short(width * sx)}v${short(height * sy)}h${short(-width * sx)}Z`;
  }

  #filled(): string {
    return `fill="${quoted(String(this.#look.fillStyle))}" fill-opacity="${short(this.#look.globalAlpha)}"`;
  }

  /** Writes the rectangles gathered so far as one path. */
  #flush(): void {
    if (this.#boxes === '') return;
    this.#out.push(`<path d="${this.#boxes}" ${this.#boxLook}/>`);
    this.#boxes = '';
  }
}
