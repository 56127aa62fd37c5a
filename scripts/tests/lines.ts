/** A function of a script as V8 counts it: the ranges nested in it, each with how often it ran. Offsets count UTF-16 units. */
export interface CountedFunction {
  ranges: { startOffset: number; endOffset: number; count: number }[];
}

/**
 * Finds the lines of a script that ran in one process. V8 lists outer ranges before the inner ones that differ from them, so the last range
 * that holds a place counts for it. A line ran when any character of it did that is not white space.
 * @returns for each line whether it ran
 */
export function linesRun(source: string, functions: readonly CountedFunction[]): boolean[] {
  const ran = new Uint8Array(source.length);
  const ranges = functions.flatMap(({ ranges }) => ranges);
  // Outer before inner, whichever function they are listed with.
  ranges.sort((a, b) => a.startOffset - b.startOffset || b.endOffset - a.endOffset);
  for (const { startOffset, endOffset, count } of ranges) ran.fill(count > 0 ? 1 : 0, startOffset, endOffset);
  const lines: boolean[] = [];
  let at = 0;
  for (const line of source.split('\n')) {
    const begin = at + (line.length - line.trimStart().length);
    lines.push(ran.subarray(begin, at + line.trimEnd().length).includes(1));
    at += line.length + 1;
  }
  return lines;
}

/** Marks the lines that hold code: neither empty nor only a comment, an import, a type or closing brackets, which run or don't with others. */
export function linesOfCode(source: string): boolean[] {
  let inComment = false;
  /** The character that ends the current declaration, outside its brackets. */
  let end: '}' | ';' | null = null;
  let depth = 0;
  return source.split('\n').map((line) => {
    const text = line.trim();
    if (inComment || text.startsWith('/*')) {
      inComment = !text.includes('*/');
      return false;
    }
    if (end !== null || /^(export )?(interface|type) \w|^import\b|^export (type )?[{*]/.test(text)) {
      end ??= /^(export )?interface /.test(text) ? '}' : ';';
      depth += (text.match(/[{([]/g)?.length ?? 0) - (text.match(/[})\]]/g)?.length ?? 0);
      if (depth === 0 && text.endsWith(end)) end = null;
      return false;
    }
    return text !== '' && !text.startsWith('//') && !/^[\])}>;,]+$/.test(text);
  });
}
