/** Red, green and blue, each 0 to 255. */
export type Rgb = readonly [number, number, number];

const known = new Map<string, Rgb>();

/** Parses a CSS colour the way this browser does. */
export function rgbOf(color: string): Rgb {
  const before = known.get(color);
  if (before) return before;
  const one = document.createElement('canvas');
  one.width = 1;
  one.height = 1;
  const context = one.getContext('2d', { willReadFrequently: true });
  if (!context) return [128, 128, 128];
  context.fillStyle = color;
  context.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0] = context.getImageData(0, 0, 1, 1).data;
  const rgb: Rgb = [red, green, blue];
  known.set(color, rgb);
  return rgb;
}
