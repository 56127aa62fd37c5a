import type { Severity } from '#common/contract/primitives.ts';

/** One note: pitch in Hz, start and length in seconds. */
interface Note {
  hz: number;
  at: number;
  lasts: number;
}

/** Told apart by rhythm and number, not by pitch alone: a wall is heard from the next room. */
const patterns: Record<Severity | 'resolved', readonly Note[]> = {
  CRITICAL: [0, 0.18, 0.36, 0.8, 0.98, 1.16].map((at, place) => ({ hz: place % 3 === 2 ? 988 : 784, at, lasts: 0.14 })),
  HIGH: [
    { hz: 784, at: 0, lasts: 0.16 },
    { hz: 659, at: 0.22, lasts: 0.16 },
    { hz: 784, at: 0.44, lasts: 0.16 },
  ],
  WARNING: [
    { hz: 659, at: 0, lasts: 0.18 },
    { hz: 523, at: 0.24, lasts: 0.22 },
  ],
  INFO: [{ hz: 523, at: 0, lasts: 0.2 }],
  resolved: [
    { hz: 523, at: 0, lasts: 0.14 },
    { hz: 784, at: 0.18, lasts: 0.24 },
  ],
};

let context: AudioContext | undefined;

/** Lets sound out at the first click or key the browser takes for a person's. @returns the stop. */
export function unlockSound(target: Window): () => void {
  const stopListening = () => {
    target.removeEventListener('pointerup', unlock, { capture: true });
    target.removeEventListener('keydown', unlock, { capture: true });
  };
  const unlock = () => {
    // A modifier alone counts for nothing: only then is the engine allowed to wake.
    if (!target.navigator.userActivation.hasBeenActive) return;
    context ??= new AudioContext();
    void context.resume().then(stopListening);
  };
  target.addEventListener('pointerup', unlock, { capture: true });
  target.addEventListener('keydown', unlock, { capture: true });
  return stopListening;
}

/** How long the engine may take to wake before a sound is given up, ms: a late one would speak of something else. */
const wakeMs = 300;

/**
 * Plays the tones of a severity, made here: no files.
 * @param volume 0 to 1
 * @returns false when the browser keeps this window silent until it is first clicked or typed into
 */
export async function playSound(name: Severity | 'resolved', volume: number): Promise<boolean> {
  context ??= new AudioContext();
  await Promise.race([context.resume(), new Promise((done) => setTimeout(done, wakeMs))]);
  if (context.state !== 'running') return false;
  const start = context.currentTime + 0.02;
  for (const { hz, at, lasts } of patterns[name]) {
    const tone = new OscillatorNode(context, { type: 'triangle', frequency: hz });
    const gain = new GainNode(context, { gain: 0 });
    tone.connect(gain).connect(context.destination);
    // A few milliseconds of slope at either end, or each note clicks.
    gain.gain.setValueAtTime(0, start + at);
    gain.gain.linearRampToValueAtTime(volume * 0.5, start + at + 0.01);
    gain.gain.setValueAtTime(volume * 0.5, start + at + lasts - 0.03);
    gain.gain.linearRampToValueAtTime(0, start + at + lasts);
    tone.start(start + at);
    tone.stop(start + at + lasts + 0.01);
  }
  return true;
}
