import { rgbOf } from './color.ts';
import type { LineStyle, Picture } from './paint.ts';
import type { LineShape } from './protocol.ts';
import { boxFragment, boxVertex, segmentFragment, segmentVertex } from './shaders.ts';

/** A real GPU, a software emulation that is slower than a canvas, or neither. */
export type GpuState = 'hardware' | 'software' | 'none';

interface Program {
  program: WebGLProgram;
  at: Record<'u_size' | 'u_mode' | 'u_half' | 'u_side' | 'u_dash' | 'u_color', WebGLUniformLocation | null>;
}

interface Gpu {
  canvas: HTMLCanvasElement;
  gl: WebGL2RenderingContext;
  box: Program;
  segment: Program;
  boxes: WebGLVertexArrayObject;
  segments: WebGLVertexArrayObject;
  buffer: WebGLBuffer;
}

const emulated = /swiftshader|llvmpipe|softpipe|software|basic render|lavapipe|paravirtual/i;
const listeners = new Set<() => void>();
let canvas: HTMLCanvasElement | null = null;
let gl: WebGL2RenderingContext | null = null;
let state: GpuState | null = null;
let gpu: Gpu | null = null;

/** Returns what kind of GPU this window has; detected once. */
export function gpuState(): GpuState {
  if (state !== null) return state;
  canvas = document.createElement('canvas');
  // This context draws a picture or two. If it is lost the 2D canvas takes over, so any kind will do.
  gl = canvas.getContext('webgl2', { alpha: true, premultipliedAlpha: true, antialias: false, depth: false });
  if (!gl) {
    state = 'none';
    return state;
  }
  const info = gl.getExtension('WEBGL_debug_renderer_info');
  const name = String(info ? gl.getParameter(info.UNMASKED_RENDERER_WEBGL) : gl.getParameter(gl.RENDERER));
  state = emulated.test(name) ? 'software' : 'hardware';
  canvas.addEventListener('webglcontextlost', (event) => {
    // Without this the browser would never restore the context.
    event.preventDefault();
    gpu = null;
    notify();
  });
  canvas.addEventListener('webglcontextrestored', notify);
  return state;
}

/** Returns the window's only GPU context; null if there is none. */
export function gpuContext(): WebGL2RenderingContext | null {
  gpuState();
  return gl;
}

/** Calls back when the GPU is lost or restored, so that pictures are drawn again. Returns a function that stops listening. */
export function onGpuChange(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function notify(): void {
  for (const listener of listeners) listener();
}

/**
 * Draws a picture off screen. The returned canvas shows it at its top left until the next call.
 * @returns null if the GPU can't: none, lost, or a picture that a canvas draws as well
 */
export function drawByGpu(picture: Picture, columns: number, rows: number): { canvas: HTMLCanvasElement; top: number } | null {
  if (gpuState() === 'none' || !gl || !canvas || gl.isContextLost()) return null;
  const { parts } = picture.answer;
  if (parts.some(({ shape }) => shape === 'cells')) return null;
  gpu ??= open(canvas, gl);
  if (!gpu) return null;
  if (canvas.width < columns) canvas.width = columns;
  if (canvas.height < rows) canvas.height = rows;
  gl.viewport(0, 0, columns, rows);
  gl.clearColor(0, 0, 0, 0);
  gl.clear(gl.COLOR_BUFFER_BIT);
  gl.enable(gl.BLEND);
  gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
  for (const part of parts) {
    const style = picture.styleOf(part.id);
    if (style.fill > 0 && part.shape !== 'rects' && part.shape !== 'dots') drawPart(gpu, part, style, true, picture.crisp, columns, rows);
  }
  for (const part of parts) {
    const style = picture.styleOf(part.id);
    if (style.line || part.shape === 'rects' || part.shape === 'dots') drawPart(gpu, part, style, false, picture.crisp, columns, rows);
  }
  return { canvas, top: canvas.height - rows };
}

function drawPart(
  open: Gpu,
  { shape, data }: LineShape,
  style: LineStyle,
  area: boolean,
  crisp: boolean,
  columns: number,
  rows: number,
): void {
  const { gl, box, segment, boxes, segments, buffer } = open;
  if (data.length === 0) return;
  gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
  gl.bufferData(gl.ARRAY_BUFFER, data, gl.STREAM_DRAW);
  const opacity = style.opacity * (area ? style.fill : 1);
  const color = rgbOf(style.color).map((part) => (part / 255) * opacity) as [number, number, number];
  const [on = 1, off = 0] = style.dash;
  const aimAt = ({ program, at }: Program, mode: number, half: number, side = 0) => {
    // biome-ignore lint/correctness/useHookAtTopLevel: a call of WebGL, not of React
    gl.useProgram(program);
    gl.uniform2f(at.u_size, columns, rows);
    gl.uniform1i(at.u_mode, mode);
    gl.uniform1f(at.u_half, half);
    gl.uniform1f(at.u_side, side);
    gl.uniform2f(at.u_dash, on, area ? 0 : off);
    gl.uniform4f(at.u_color, ...color, opacity);
  };
  if (shape === 'points') {
    aimAt(segment, area ? 1 : 0, style.width / 2);
    gl.bindVertexArray(segments);
    gl.drawArraysInstanced(gl.TRIANGLE_STRIP, 0, 4, data.length / 3 - 1);
    return;
  }
  const half = style.width / 2;
  const side = style.opacity === 1 && off === 0 ? Math.max(0, half - 0.5) : 0;
  if (shape === 'runs') aimAt(box, area ? 1 : crisp ? 4 : 0, half, side);
  else if (shape === 'rects') aimAt(box, 2, half);
  else aimAt(box, 3, crisp ? 0.5 : Math.max(1, style.width * 1.8) / 2);
  gl.bindVertexArray(boxes);
  const stride = shape === 'dots' ? 2 : 4;
  gl.vertexAttribPointer(0, stride, gl.FLOAT, false, 4 * stride, 0);
  gl.drawArraysInstanced(gl.TRIANGLE_STRIP, 0, 4, data.length / stride);
}

function open(canvas: HTMLCanvasElement, gl: WebGL2RenderingContext): Gpu | null {
  const box = programOf(gl, boxVertex, boxFragment, ['a_box']);
  const segment = programOf(gl, segmentVertex, segmentFragment, ['a_from', 'a_to']);
  const buffer = gl.createBuffer();
  const boxes = gl.createVertexArray();
  const segments = gl.createVertexArray();
  // The context was lost while it was opened; the next call tries again.
  if (!box || !segment || !buffer || !boxes || !segments) return null;
  gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
  gl.bindVertexArray(boxes);
  gl.enableVertexAttribArray(0);
  gl.vertexAttribDivisor(0, 1);
  gl.bindVertexArray(segments);
  for (const index of [0, 1]) {
    gl.enableVertexAttribArray(index);
    gl.vertexAttribDivisor(index, 1);
    // Each instance is a point and the one after it.
    gl.vertexAttribPointer(index, 3, gl.FLOAT, false, 12, 12 * index);
  }
  return { canvas, gl, box, segment, boxes, segments, buffer };
}

function programOf(gl: WebGL2RenderingContext, vertex: string, fragment: string, attributes: readonly string[]): Program | null {
  const program = gl.createProgram();
  for (const [kind, source] of [
    [gl.VERTEX_SHADER, vertex],
    [gl.FRAGMENT_SHADER, fragment],
  ] as const) {
    const shader = gl.createShader(kind);
    if (!shader) return null;
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  attributes.forEach((name, index) => {
    gl.bindAttribLocation(program, index, name);
  });
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS)) {
    if (gl.isContextLost()) return null;
    throw new Error(`A shader of the charts does not link: ${gl.getProgramInfoLog(program) ?? ''}`);
  }
  const at = (name: string) => gl.getUniformLocation(program, name);
  return {
    program,
    at: {
      u_size: at('u_size'),
      u_mode: at('u_mode'),
      u_half: at('u_half'),
      u_side: at('u_side'),
      u_dash: at('u_dash'),
      u_color: at('u_color'),
    },
  };
}
