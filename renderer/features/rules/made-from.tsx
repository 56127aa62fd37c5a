import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { places } from '#renderer/domain/places.ts';
import { readyRuleName } from '#renderer/domain/ready-rules/ready-rule-name.ts';
import { words } from '#renderer/domain/ready-rules/words.ts';
import { usePlaceName } from '#renderer/domain/versions/places.ts';
import { DiffView } from '#renderer/ui/diff-view.tsx';
import { useText } from '#renderer/ui/i18n.ts';
import { usePreferences } from '#renderer/ui/preferences.tsx';
import { changesSinceReady } from './changes-since-ready.ts';
import type { RuleRow } from './rule-list.ts';

interface MadeFromProps {
  row: RuleRow;
  templateCode: string;
}

/** The ready rule from which a rule was made, what was changed since, and a link to all rules made from it. */
export function MadeFrom({ row: { rule, chart }, templateCode }: MadeFromProps) {
  const t = useText(words);
  const { language } = usePreferences();
  const nameOf = usePlaceName(noDocuments);
  const changes = useMemo(() => (chart === undefined ? null : changesSinceReady(rule, chart)), [rule, chart]);
  return (
    <>
      <p>
        <bdi>{t('from', { name: readyRuleName(templateCode, language) })}</bdi>
        {' · '}
        <Link {...places.rules({ template: templateCode })} className="text-accent underline underline-offset-2">
          {t('sameReady')}
        </Link>
      </p>
      {changes?.length === 0 && <p className="text-muted">{t('unchanged')}</p>}
      {changes !== null && changes.length > 0 && (
        <details>
          <summary className="cursor-default text-muted hover:text-foreground">{t('changedSince', { count: changes.length })}</summary>
          <DiffView className="mt-1" changes={changes} before={t('readyRule')} after={t('thisRule')} nameOf={nameOf} />
        </details>
      )}
    </>
  );
}

const noDocuments: never[] = [];
