import { finishSalvage, isEmptied, salvage } from './salvage.ts';
import { ChunkSignals, type ChunkSignalsOptions } from './signals.ts';
import { isDamage } from './verify.ts';
import { isWalDamaged } from './wal-damage.ts';

/**
 * Opens a series file. A damaged one is set aside, and its intact rows are copied to a new one.
 * @param damage why the file is known to be damaged, if it was closed for that reason
 */
export function openSeriesFile(file: string, options: ChunkSignalsOptions, damage?: string): ChunkSignals {
  finishSalvage(file);
  const isLogDamaged = isWalDamaged(file);
  const reason = damage ?? (isEmptied(file) ? 'The file was empty.' : isLogDamaged ? 'Its write-ahead log was damaged.' : null);
  if (reason === null) {
    try {
      return new ChunkSignals(file, options);
    } catch (error) {
      if (!isDamage(error, true)) throw error;
      salvage(file, (error as Error).message, options.now);
      return new ChunkSignals(file, options);
    }
  }
  salvage(file, reason, options.now, isLogDamaged);
  return new ChunkSignals(file, options);
}
