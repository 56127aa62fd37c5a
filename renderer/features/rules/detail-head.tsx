import { useNavigate } from '@tanstack/react-router';
import { Link2, X } from 'lucide-react';
import { useState } from 'react';
import type { Connection } from '#common/contract/console/connections.ts';
import { places } from '#renderer/domain/places.ts';
import { RuleVersions } from '#renderer/domain/rules/rule-versions.tsx';
import { SeveritySymbol } from '#renderer/domain/severity.tsx';
import { words as versionWords } from '#renderer/domain/versions/words.ts';
import { Button } from '#renderer/ui/button.tsx';
import { Confirm } from '#renderer/ui/confirm.tsx';
import { useCopyLink } from '#renderer/ui/copy-link.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { EvaluatedCell, StateCell } from './cells.tsx';
import type { RuleRow } from './rule-list.ts';
import type { RuleActions } from './use-rule-actions.ts';
import { words } from './words.ts';

export interface RuleDetailProps {
  row: RuleRow;
  connection: Connection;
  /** When the list of rules was last confirmed, ms. */
  asOf: number | null;
  /** Why the rule can't be changed; undefined if it can. */
  denied: string | undefined;
  actions: RuleActions;
  onClose: () => void;
}

/** Which rule it is and its state, with the buttons for everything that can be done with it. */
export function DetailHead(props: RuleDetailProps) {
  const { row, onClose } = props;
  const { rule, state } = row;
  const t = useText(words);
  const copyLink = useCopyLink();
  return (
    <header className="flex flex-col gap-2 border-b px-4 py-3">
      <div className="flex items-start gap-2">
        <div className="min-w-0 flex-1">
          <div className="flex flex-wrap items-center gap-x-3">
            <SeveritySymbol severity={rule.severity} hollow={state !== 'firing'} />
            {state === 'firing' ? <span className="font-medium">{t('state_firing')}</span> : <StateCell state={state} rule={rule} />}
            <span className="text-sm">
              <span className="text-faint">{t('column_evaluated')}</span> <EvaluatedCell rule={rule} />
            </span>
          </div>
          <h2 className="mt-1 truncate text-xl">{rule.name}</h2>
          <p className="truncate text-muted">
            <bdi>{rule.code}</bdi>
          </p>
        </div>
        <Button variant="ghost" size="icon" aria-label={t('copyLink')} tooltip={t('copyLink')} onClick={copyLink}>
          <Link2 className="size-4" />
        </Button>
        <Button variant="ghost" size="icon" aria-label={t('close')} onClick={onClose}>
          <X className="size-4" />
        </Button>
      </div>
      <Buttons {...props} />
    </header>
  );
}

function Buttons({ row: { rule }, connection, denied, actions, onClose }: RuleDetailProps) {
  const t = useText(words);
  const v = useText(versionWords);
  const navigate = useNavigate();
  const [comparing, setComparing] = useState(false);
  const [deleting, setDeleting] = useState(false);
  return (
    <div className="flex flex-wrap gap-2">
      {rule.enabled ? (
        <Button disabledReason={denied} onClick={() => void actions.setStatus([rule], 'PAUSED')}>
          {t('pause')}
        </Button>
      ) : (
        <Button variant="primary" disabledReason={denied} onClick={() => void actions.setStatus([rule], 'ACTIVE')}>
          {t('resume')}
        </Button>
      )}
      <Button disabledReason={denied} onClick={() => void navigate(places.ruleEditor({ connection: connection.id, rule: rule.code }))}>
        {t('edit')}
      </Button>
      <Button disabledReason={denied} onClick={() => void actions.duplicate(rule)}>
        {t('duplicate')}
      </Button>
      <Button onClick={() => setComparing(true)}>{v('versions')}</Button>
      <Button variant="danger" disabledReason={denied} onClick={() => setDeleting(true)}>
        {t('delete')}
      </Button>
      {comparing && <RuleVersions connection={connection} rule={rule} onClose={() => setComparing(false)} />}
      {deleting && (
        <Confirm
          danger
          title={t('deleteTitle', { name: rule.name })}
          action={t('delete')}
          onConfirm={() => {
            onClose();
            void actions.remove(rule);
          }}
          onClose={() => setDeleting(false)}
        >
          {t('deleteAbout')}
        </Confirm>
      )}
    </div>
  );
}
