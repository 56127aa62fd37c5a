export interface Block {
  kind: 'heading' | 'paragraph' | 'item' | 'code' | 'rule';
  /** Depth of a heading, from 1; of a list item, from 0. */
  depth: number;
  /** Number or sign in front of a list item. */
  mark?: string;
  text: string;
}

/** The part of Markdown that is printed: headings, paragraphs, lists, code and rules. Inline formatting is removed. */
export function blocksOf(markdown: string): Block[] {
  const blocks: Block[] = [];
  let fenced = false;
  let open: Block | null = null;
  for (const line of markdown.split(/\r?\n/)) {
    if (/^\s*(```|~~~)/.test(line)) {
      fenced = !fenced;
      open = null;
      continue;
    }
    if (fenced) {
      blocks.push({ kind: 'code', depth: 0, text: line });
      continue;
    }
    const heading = /^(#{1,6})\s+(.*?)\s*#*$/.exec(line);
    const item = /^(\s*)([-*+]|\d{1,9}[.)])\s+(.*)$/.exec(line);
    if (line.trim() === '') open = null;
    else if (/^\s*([-*_])(\s*\1){2,}\s*$/.test(line)) blocks.push({ kind: 'rule', depth: 0, text: '' });
    else if (heading) blocks.push({ kind: 'heading', depth: heading[1]?.length ?? 1, text: plainText(heading[2] ?? '') });
    else if (item) {
      const mark = /\d/.test(item[2] ?? '') ? (item[2] ?? '') : '•';
      open = { kind: 'item', depth: Math.floor((item[1]?.length ?? 0) / 2), mark, text: plainText(item[3] ?? '') };
      blocks.push(open);
    } else if (open) open.text = `${open.text} ${plainText(line.trim())}`;
    else if (!/^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)+\|?\s*$/.test(line)) {
      open = { kind: 'paragraph', depth: 0, text: plainText(line.trim()) };
      blocks.push(open);
      // Rows of a table stay on lines of their own.
      if (line.includes('|')) open = null;
    }
  }
  return blocks;
}

/** The text of a line without formatting; the address of a link follows its text. */
export function plainText(line: string): string {
  return line
    .replace(/!\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/\[([^\]]+)\]\(\s*(\S+?)\s*\)/g, (_, words: string, address: string) => (words === address ? words : `${words} (${address})`))
    .replace(/`([^`]+)`/g, '$1')
    .replace(/(\*\*|__)(.+?)\1/g, '$2')
    .replace(/(^|[\s(])[*_]([^*_\s][^*_]*)[*_](?=$|[\s).,;:!?])/g, '$1$2')
    .replace(/~~(.+?)~~/g, '$1')
    .replace(/<[^>]*>/g, '');
}
