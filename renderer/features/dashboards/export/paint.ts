import { chartIn, exportChart } from '#renderer/charts/index.ts';

/** Paints an element as it looks on the page onto a canvas: backgrounds, borders, images, drawings and text. */
export async function paint(element: HTMLElement, scale: number): Promise<HTMLCanvasElement> {
  const box = element.getBoundingClientRect();
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(box.width * scale));
  canvas.height = Math.max(1, Math.round(box.height * scale));
  // Opaque, because a PDF would have to process transparency pixel by pixel.
  const context = canvas.getContext('2d', { alpha: false });
  if (!context) throw new Error('This browser draws no pictures.');
  context.fillStyle = backgroundOf(element);
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.scale(scale, scale);
  context.translate(-box.left, -box.top);
  await paintElement(context, element, scale);
  return canvas;
}

/** Returns the first background colour behind an element. */
export function backgroundOf(element: Element | null): string {
  for (let at = element; at; at = at.parentElement) {
    const { backgroundColor } = getComputedStyle(at);
    if (!isClear(backgroundColor)) return backgroundColor;
  }
  return '#ffffff';
}

async function paintElement(context: CanvasRenderingContext2D, element: Element, scale: number): Promise<void> {
  const style = getComputedStyle(element);
  if (style.display === 'none' || style.visibility === 'hidden' || Number(style.opacity) === 0 || element.classList.contains('sr-only'))
    return;
  const box = element.getBoundingClientRect();
  const clips = style.overflow !== 'visible' && box.width > 0;
  context.save();
  context.globalAlpha *= Number(style.opacity);
  paintBox(context, box, style);
  if (clips) {
    context.beginPath();
    context.rect(box.left, box.top, box.width, box.height);
    context.clip();
  }
  const chart = element.hasAttribute('data-chart') ? chartIn(element) : null;
  if (chart && box.width > 0 && box.height > 0) {
    // Drawn again at full resolution, because the canvas on screen may not be readable.
    const picture = await createImageBitmap(await exportChart(chart, 'png', { scale }));
    context.drawImage(picture, box.left, box.top, box.width, box.height);
    picture.close();
  }
  if (element instanceof HTMLCanvasElement) {
    const drawn = element.closest('[data-chart]') !== null;
    if (!drawn && element.width > 0 && element.height > 0) context.drawImage(element, box.left, box.top, box.width, box.height);
  } else if (element instanceof SVGSVGElement) await paintDrawing(context, element, box, style);
  else {
    for (const child of element.childNodes) {
      if (child instanceof Element) await paintElement(context, child, scale);
      else if (child instanceof Text) paintText(context, child, style);
    }
  }
  context.restore();
}

const isClear = (color: string): boolean => color === 'transparent' || /,\s*0\)$|\/\s*0\)$/.test(color);

function paintBox(context: CanvasRenderingContext2D, box: DOMRect, style: CSSStyleDeclaration): void {
  const radius = Number.parseFloat(style.borderTopLeftRadius) || 0;
  if (!isClear(style.backgroundColor)) {
    context.fillStyle = style.backgroundColor;
    context.beginPath();
    context.roundRect(box.left, box.top, box.width, box.height, radius);
    context.fill();
  }
  const widths = [style.borderTopWidth, style.borderRightWidth, style.borderBottomWidth, style.borderLeftWidth].map(Number.parseFloat);
  const colors = [style.borderTopColor, style.borderRightColor, style.borderBottomColor, style.borderLeftColor];
  const [top = 0] = widths;
  if (top > 0 && widths.every((width) => width === top)) {
    context.strokeStyle = colors[0] ?? '';
    context.lineWidth = top;
    context.beginPath();
    context.roundRect(box.left + top / 2, box.top + top / 2, box.width - top, box.height - top, radius);
    context.stroke();
    return;
  }
  const edges = [
    [box.left, box.top, box.width, widths[0] ?? 0],
    [box.right - (widths[1] ?? 0), box.top, widths[1] ?? 0, box.height],
    [box.left, box.bottom - (widths[2] ?? 0), box.width, widths[2] ?? 0],
    [box.left, box.top, widths[3] ?? 0, box.height],
  ] as const;
  for (const [i, [x, y, width, height]] of edges.entries()) {
    if (width === 0 || height === 0) continue;
    context.fillStyle = colors[i] ?? '';
    context.fillRect(x, y, width, height);
  }
}

/** Draws text line by line, each run at its place on screen. */
function paintText(context: CanvasRenderingContext2D, node: Text, style: CSSStyleDeclaration): void {
  const text = node.data;
  if (text.trim() === '') return;
  context.fillStyle = style.color;
  context.font = `${style.fontStyle} ${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
  context.textBaseline = 'alphabetic';
  context.textAlign = 'left';
  context.direction = style.direction === 'rtl' ? 'rtl' : 'ltr';
  const range = document.createRange();
  for (const { start, end, box } of linesOf(node, range)) {
    const line = text.slice(start, end).replace(/\s+/g, ' ');
    if (line.trim() === '') continue;
    const { fontBoundingBoxAscent: up, fontBoundingBoxDescent: down } = context.measureText(line);
    context.fillText(line, box.left, box.top + (box.height - up - down) / 2 + up, Math.max(1, box.width));
  }
}

function linesOf(node: Text, range: Range): { start: number; end: number; box: DOMRect }[] {
  const lines: { start: number; end: number; box: DOMRect }[] = [];
  const boxOf = (start: number, end: number): DOMRect => {
    range.setStart(node, start);
    range.setEnd(node, end);
    return range.getBoundingClientRect();
  };
  range.selectNodeContents(node);
  if (range.getClientRects().length === 1) return [{ start: 0, end: node.data.length, box: range.getBoundingClientRect() }];
  let start = 0;
  let top: number | null = null;
  for (let i = 0; i < node.data.length; i += 1) {
    const box = boxOf(i, i + 1);
    if (box.width === 0) continue;
    if (top !== null && box.top > top + box.height / 2) {
      lines.push({ start, end: i, box: boxOf(start, i) });
      start = i;
    }
    top = box.top;
  }
  if (start < node.data.length) lines.push({ start, end: node.data.length, box: boxOf(start, node.data.length) });
  return lines;
}

/** Draws an SVG with its colours inlined, because as an image it has no style sheet. */
async function paintDrawing(
  context: CanvasRenderingContext2D,
  svg: SVGSVGElement,
  box: DOMRect,
  style: CSSStyleDeclaration,
): Promise<void> {
  if (box.width === 0 || box.height === 0) return;
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const [from, to] = [
    [svg, ...svg.querySelectorAll('*')],
    [copy, ...copy.querySelectorAll('*')],
  ];
  for (const [i, original] of from.entries()) {
    const computed = getComputedStyle(original);
    for (const name of ['fill', 'stroke', 'stroke-width', 'stroke-dasharray', 'opacity', 'font-size', 'font-family']) {
      const value = computed.getPropertyValue(name);
      if (value !== '') to[i]?.setAttribute(name, value);
    }
    to[i]?.removeAttribute('class');
    to[i]?.removeAttribute('style');
  }
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  copy.setAttribute('width', String(box.width));
  copy.setAttribute('height', String(box.height));
  copy.setAttribute('color', style.color);
  const picture = new Image();
  picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(copy))}`;
  await picture.decode();
  context.drawImage(picture, box.left, box.top, box.width, box.height);
}
