import { type ErrorComponentProps, Link } from '@tanstack/react-router';
import { places } from '#renderer/domain/places.ts';
import { Button } from '#renderer/ui/button.tsx';
import { useText } from '#renderer/ui/i18n.ts';
import { Empty, ErrorState } from '#renderer/ui/states.tsx';
import { messages } from './messages.ts';

/** Shown in place of a screen that threw. The shell keeps working. */
export function ScreenError({ error, reset }: ErrorComponentProps) {
  const t = useText(messages);
  return <ErrorState title={t('crashed')} error={error} retry={reset} />;
}

export function UnknownScreen() {
  const t = useText(messages);
  return (
    <Empty
      className="h-full"
      action={
        <Button asChild>
          <Link {...places.now()}>{t('goNow')}</Link>
        </Button>
      }
    >
      <strong className="block text-foreground text-lg">{t('unknownTitle')}</strong>
      {t('unknownScreen')}
    </Empty>
  );
}
