import { severities } from '#common/contract/primitives.ts';
import { SeveritySymbol } from '#renderer/domain/severity.tsx';
import { useText } from '#renderer/ui/i18n.ts';
import { Segmented } from '#renderer/ui/toggles.tsx';
import { messages, type SettingsKey } from './messages.ts';
import { Row } from './row.tsx';
import { useSetting } from './use-setting.ts';

const themes = ['system', 'dark', 'light', 'contrast'] as const;
const palettes = ['standard', 'colour-blind'] as const;
const densities = ['comfortable', 'compact'] as const;
const clocks = ['local', 'utc'] as const;
// Each language is named in that language.
const languages = [
  { value: 'en', label: 'English' },
  { value: 'ar', label: 'العربية' },
] as const;

export function Appearance() {
  const t = useText(messages);
  const [settings, set] = useSetting();
  const options = <T extends SettingsKey>(values: readonly T[]) => values.map((value) => ({ value, label: t(value) }));
  return (
    <>
      <Row title={t('theme')}>
        <Segmented label={t('theme')} value={settings.theme} options={options(themes)} onChange={(theme) => set({ theme })} />
      </Row>
      <Row
        title={t('palette')}
        hint={
          <>
            {t('paletteHint')}
            <span className="mt-2 flex gap-4">
              {severities.toReversed().map((severity) => (
                <SeveritySymbol key={severity} severity={severity} />
              ))}
            </span>
          </>
        }
      >
        <Segmented label={t('palette')} value={settings.palette} options={options(palettes)} onChange={(palette) => set({ palette })} />
      </Row>
      <Row title={t('density')}>
        <Segmented label={t('density')} value={settings.density} options={options(densities)} onChange={(density) => set({ density })} />
      </Row>
      <Row title={t('clock')} hint={t('clockHint')}>
        <Segmented label={t('clock')} value={settings.clock} options={options(clocks)} onChange={(clock) => set({ clock })} />
      </Row>
      <Row title={t('language')}>
        <Segmented label={t('language')} value={settings.language} options={[...languages]} onChange={(language) => set({ language })} />
      </Row>
    </>
  );
}
