import type { Severity } from '#common/contract/primitives.ts';

/** A note: pitch in Hz, start and length in seconds. */
interface Note {
  hz: number;
  at: number;
  lasts: number;
}

/** Severities differ in rhythm and number of notes, not only in pitch: a wall is heard from the next room. */
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

/** Enables sound at the first click or key that the browser counts as user activation. @returns a function that stops listening */
export function unlockSound(target: Window): () => void {
  const stopListening = () => {
    target.removeEventListener('pointerup', unlock, { capture: true });
    target.removeEventListener('keydown', unlock, { capture: true });
  };
  const unlock = () => {
    // A modifier key alone doesn't count as activation, so the audio engine couldn't start yet.
    if (!target.navigator.userActivation.hasBeenActive) return;
    context ??= new AudioContext();
    void context.resume().then(stopListening);
  };
  target.addEventListener('pointerup', unlock, { capture: true });
  target.addEventListener('keydown', unlock, { capture: true });
  return stopListening;
}

/** Time limit for the audio engine to resume before a sound is dropped, ms: a late sound would mislead. */
const resumeTimeoutMs = 300;

/**
 * Plays the synthesized tones of a severity.
 * @param volume 0 to 1
 * @returns false if the browser mutes this window until it is first clicked or typed into
 */
export async function playSound(name: Severity | 'resolved', volume: number): Promise<boolean> {
  context ??= new AudioContext();
  await Promise.race([context.resume(), new Promise((done) => setTimeout(done, resumeTimeoutMs))]);
  if (context.state !== 'running') return false;
  const start = context.currentTime + 0.02;
  for (const { hz, at, lasts } of patterns[name]) {
    const tone = new OscillatorNode(context, { type: 'triangle', frequency: hz });
    const gain = new GainNode(context, { gain: 0 });
    tone.connect(gain).connect(context.destination);
    // Ramps of a few milliseconds at both ends keep notes from clicking.
    gain.gain.setValueAtTime(0, start + at);
    gain.gain.linearRampToValueAtTime(volume * 0.5, start + at + 0.01);
    gain.gain.setValueAtTime(volume * 0.5, start + at + lasts - 0.03);
    gain.gain.linearRampToValueAtTime(0, start + at + lasts);
    tone.start(start + at);
    tone.stop(start + at + lasts + 0.01);
  }
  return true;
}
