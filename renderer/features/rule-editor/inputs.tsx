import { useState } from 'react';
import { parseDuration } from '#common/time/duration-text.ts';
import { cn } from '#renderer/ui/cn.ts';
import { formatSetDuration } from '#renderer/ui/format.ts';
import { Input, Select } from '#renderer/ui/input.tsx';
import { usePreferences } from '#renderer/ui/preferences.tsx';
import { readNumber } from '#renderer/ui/read-number.ts';

interface TypedProps<T> {
  label: string;
  value: T;
  onChange: (value: T) => void;
  /** What is wrong with the value, as the contract says it. */
  problem?: string | undefined;
  className?: string;
}

/** Holds what is typed, until the value is changed elsewhere. `same` also holds for two values that aren't valid. */
function useTyped<T>(value: T, write: (value: T) => string, read: (text: string) => T) {
  const [typed, setTyped] = useState<{ text: string; value: T } | null>(null);
  const text = typed !== null && Object.is(typed.value, value) ? typed.text : write(value);
  return { text, type: (next: string) => setTyped({ text: next, value: read(next) }), read, settle: () => setTyped(null) };
}

const inline = 'inline-block w-auto text-center font-semibold';

/** A duration, typed with its unit in the language of the screen. */
export function DurationInput({ label, value, onChange, problem, className, id }: TypedProps<number> & { id?: string }) {
  const { language } = usePreferences();
  const write = (ms: number) => (Number.isFinite(ms) ? formatSetDuration(ms, language) : '');
  const { text, type, read, settle } = useTyped(value, write, parseDuration);
  return (
    <Input
      {...(id !== undefined && { id })}
      aria-label={label}
      aria-invalid={problem !== undefined || undefined}
      title={problem}
      autoComplete="off"
      spellCheck={false}
      value={text}
      onChange={(event) => {
        type(event.target.value);
        onChange(read(event.target.value));
      }}
      onBlur={() => Number.isFinite(value) && settle()}
      className={cn(inline, 'w-24', className)}
    />
  );
}

/** A duration that may be left empty. */
export function OptionalDuration({ value, onChange, ...props }: Omit<TypedProps<number | undefined>, 'label'> & { label: string }) {
  return <DurationInput {...props} value={value ?? Number.NaN} onChange={(ms) => onChange(Number.isNaN(ms) ? undefined : ms)} />;
}

const writeNumber = (value: number) => (Number.isFinite(value) ? String(value) : '');

/** A number, typed with a point or a comma. */
export function NumberInput({ label, value, onChange, problem, className }: TypedProps<number>) {
  const { text, type, read } = useTyped(value, writeNumber, readNumber);
  return (
    <Input
      aria-label={label}
      aria-invalid={problem !== undefined || undefined}
      title={problem}
      inputMode="decimal"
      dir="ltr"
      autoComplete="off"
      value={text}
      onChange={(event) => {
        type(event.target.value);
        onChange(read(event.target.value));
      }}
      className={cn(inline, 'w-24', className)}
    />
  );
}

/** A number that may be left empty. */
export function OptionalNumber({ value, onChange, ...props }: TypedProps<number | undefined>) {
  return <NumberInput {...props} value={value ?? Number.NaN} onChange={(next) => onChange(Number.isNaN(next) ? undefined : next)} />;
}

interface ChoiceProps<T extends string> {
  label: string;
  value: T;
  all: readonly T[];
  wordOf: (one: T) => string;
  onChange: (one: T) => void;
  className?: string;
}

/** One of some words, in the middle of a sentence. */
export function Choice<T extends string>({ label, value, all, wordOf, onChange, className }: ChoiceProps<T>) {
  return (
    <Select
      className={cn('w-auto font-semibold', className)}
      aria-label={label}
      value={value}
      onChange={(event) => onChange(all.find((one) => one === event.target.value) ?? value)}
    >
      {all.map((one) => (
        <option key={one} value={one}>
          {wordOf(one)}
        </option>
      ))}
    </Select>
  );
}
