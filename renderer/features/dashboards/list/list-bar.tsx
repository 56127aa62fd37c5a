import type { ReactNode, RefObject } from 'react';
import { useText } from '#renderer/ui/i18n.ts';
import { Input } from '#renderer/ui/input.tsx';
import { Segmented } from '#renderer/ui/toggles.tsx';
import type { DashboardList } from './use-list.ts';
import { words } from './words.ts';

interface ListBarProps extends Pick<DashboardList, 'address' | 'setAddress'> {
  search: RefObject<HTMLInputElement | null>;
  /** Buttons at the end of the bar. */
  children: ReactNode;
}

/** Searches and sorts the list. */
export function ListBar({ address, setAddress, search, children }: ListBarProps) {
  const t = useText(words);
  return (
    <header className="flex flex-wrap items-center gap-2 border-b px-4 py-2">
      <Input
        ref={search}
        type="search"
        aria-label={t('search')}
        placeholder={`${t('search')}…`}
        className="w-72"
        value={address.search ?? ''}
        onChange={(event) => setAddress({ search: event.target.value === '' ? undefined : event.target.value }, true)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          setAddress({ search: undefined }, true);
          event.currentTarget.blur();
        }}
      />
      <Segmented
        label={t('sortBy')}
        value={address.sort}
        options={[
          { value: 'title', label: t('byTitle') },
          { value: 'changed', label: t('byChanged') },
        ]}
        onChange={(sort) => setAddress({ sort: sort === 'title' ? undefined : sort }, true)}
      />
      <span className="flex-1" />
      {children}
    </header>
  );
}
