import { FoldVertical, Layers } from 'lucide-react';
import type { ReactNode } from 'react';
import type { ChartType } from '#common/contract/charts.ts';
import { Button } from '#renderer/ui/button.tsx';
import { useText } from '#renderer/ui/i18n.ts';
import type { Explorer } from './use-explorer.ts';
import { words } from './words.ts';

interface ToggleProps {
  label: string;
  pressed: boolean;
  onPress: (on: boolean) => void;
  children: ReactNode;
}

export function Toggle({ label, pressed, onPress, children }: ToggleProps) {
  return (
    <Button variant={pressed ? 'default' : 'ghost'} size="icon" aria-pressed={pressed} tooltip={label} onClick={() => onPress(!pressed)}>
      {children}
      <span className="sr-only">{label}</span>
    </Button>
  );
}

/** Chart types that support a logarithmic axis or stacking. */
const scaled: readonly ChartType[] = ['line', 'area', 'step', 'bar', 'band', 'scatter'];
const stackable: readonly ChartType[] = ['area', 'bar'];

/** Switches for a logarithmic axis, stacking and fitting to the data, where they make sense. */
export function AxisToggles({ question, shown, address, set }: Pick<Explorer, 'question' | 'shown' | 'address' | 'set'>) {
  const t = useText(words);
  const { drawing, subject } = question;
  const type = drawing?.type ?? 'line';
  return (
    <>
      {scaled.includes(type) && (
        <Toggle
          label={t('log')}
          pressed={drawing?.scale === 'log'}
          onPress={(on) => set({ log: on === (subject?.drawing.scale === 'log') ? undefined : on })}
        >
          <span className="font-semibold text-xs">{t('logShort')}</span>
        </Toggle>
      )}
      {stackable.includes(type) && shown.lines.length > 1 && (
        <Toggle
          label={t('stacked')}
          pressed={drawing?.stacked ?? false}
          onPress={(on) => set({ stacked: on === subject?.drawing.stacked ? undefined : on })}
        >
          <Layers className="size-4" />
        </Toggle>
      )}
      {(drawing?.min !== undefined || drawing?.max !== undefined) && (
        <Toggle label={t('fit')} pressed={address.fit ?? false} onPress={(on) => set({ fit: on || undefined })}>
          <FoldVertical className="size-4" />
        </Toggle>
      )}
    </>
  );
}
