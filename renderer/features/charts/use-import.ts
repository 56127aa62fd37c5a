import { useMutation } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type { Chart } from '#common/contract/charts.ts';
import type { Rule } from '#common/contract/rules.ts';
import { definitionOf } from '#renderer/charts/definition-form/values.ts';
import { useAcceptChart } from '#renderer/domain/chart-versions/use-accept-chart.ts';
import { saveChart, useConsole } from '#renderer/domain/queries/index.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { toast } from '#renderer/ui/toast.tsx';
import { type Offer, readImport } from './library.ts';
import { words } from './words.ts';

/** Parses the definitions in a text: what each would do, which are chosen, and what is wrong with the text. */
export function useOffers(charts: readonly Chart[]) {
  const t = useText(words);
  const [text, setText] = useState('');
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const read = useMemo(() => (text.trim() === '' ? null : readImport(text, charts, definitionOf)), [text, charts]);
  const offers = read?.ok ? read.offers : [];
  const isChosen = ({ state, definition }: Offer) => state !== 'same' && !left.has(definition.code);
  const toggle = ({ definition: { code } }: Offer) => {
    const next = new Set(left);
    if (!next.delete(code)) next.add(code);
    setLeft(next);
  };
  const wrong = read && !read.ok ? read : undefined;
  const problem =
    wrong &&
    {
      unreadable: t('importUnreadable', { reason: wrong.reason }),
      wrong: t('importWrong', { place: wrong.place, reason: wrong.reason }),
      nothing: t('importNothing'),
    }[wrong.problem];
  return { text, setText, offers, chosen: offers.filter(isChosen), isChosen, toggle, problem };
}

/** What to import, and the rules to move to the new versions of their charts. */
interface ImportRequest {
  chosen: readonly Offer[];
  moved: readonly Rule[];
}

/** Saves the chosen definitions, one after the other, and then moves the rules. */
export function useImport(connectionId: string, onImported: () => void) {
  const t = useText(words);
  const { charts } = useConsole();
  const { move } = useAcceptChart(connectionId);
  return useMutation({
    mutationFn: async ({ chosen, moved }: ImportRequest) => {
      const saved = new Map<string, number>();
      for (const offer of chosen) {
        const version = offer.state === 'replaces' ? offer.before.version : undefined;
        const chart = await saveChart(charts, connectionId, { chart: offer.definition, version });
        saved.set(chart.code, chart.version);
      }
      return {
        moved: moved.filter(({ chartCode }) => saved.has(chartCode)),
        versionOf: ({ chartCode }: Rule) => saved.get(chartCode) ?? 1,
      };
    },
    onSuccess: ({ moved, versionOf }, { chosen }) => {
      toast({ message: t('imported', { count: chosen.length }), lastsMs: 4_000 });
      onImported();
      if (moved.length > 0) void move(moved, versionOf);
    },
  });
}
