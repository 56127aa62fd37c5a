import { crc32, deflateSync } from 'node:zlib';

/** A colour as `#rrggbb`. */
export type Colour = `#${string}`;

/** An image whose pixels are numbers of its colours. The first colour is the background. */
export class PaletteImage {
  readonly width: number;
  readonly height: number;
  readonly #colours: readonly Colour[];
  readonly #pixels: Uint8Array;

  constructor(width: number, height: number, colours: readonly Colour[]) {
    this.width = width;
    this.height = height;
    this.#colours = colours;
    this.#pixels = new Uint8Array(width * height);
  }

  /** Returns the number of the colour at a pixel. */
  at(x: number, y: number): number {
    return this.#pixels[y * this.width + x] ?? 0;
  }

  /** Fills a rectangle with a colour; what is outside of the image is left out. */
  fill(x: number, y: number, width: number, height: number, colour: number): void {
    const left = Math.max(0, x);
    const right = Math.min(this.width, x + width);
    for (let row = Math.max(0, y); row < Math.min(this.height, y + height); row++)
      if (right > left) this.#pixels.fill(colour, row * this.width + left, row * this.width + right);
  }

  /** Encodes the image as PNG (ISO/IEC 15948) with a palette. */
  toPng(): Buffer {
    const header = Buffer.alloc(13);
    header.writeUInt32BE(this.width, 0);
    header.writeUInt32BE(this.height, 4);
    // 8 bits a pixel, with a palette.
    header.set([8, 3, 0, 0, 0], 8);
    const palette = Buffer.from(this.#colours.map((colour) => colour.slice(1)).join(''), 'hex');
    const rows = Buffer.alloc(this.height * (this.width + 1));
    // Each row begins with its filter: 0 for none.
    for (let y = 0; y < this.height; y++) rows.set(this.#pixels.subarray(y * this.width, (y + 1) * this.width), y * (this.width + 1) + 1);
    const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
    return Buffer.concat([
      signature,
      chunk('IHDR', header),
      chunk('PLTE', palette),
      chunk('IDAT', deflateSync(rows)),
      chunk('IEND', Buffer.alloc(0)),
    ]);
  }
}

function chunk(type: string, data: Buffer): Buffer {
  const content = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(content));
  return Buffer.concat([length, content, check]);
}
