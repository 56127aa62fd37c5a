// Runs before the first paint so that the shell never flashes in the wrong theme or direction. A file of its own, because the
// content security policy allows no inline script. app/appearance.tsx writes what is read here.
(() => {
  const root = document.documentElement;
  let kept = {};
  try {
    kept = JSON.parse(localStorage.getItem('appearance') ?? '{}');
  } catch {
    // Storage that can't be read costs a flash, nothing more.
  }
  const light = matchMedia('(prefers-color-scheme: light)').matches;
  root.dataset.theme = !kept.theme || kept.theme === 'system' ? (light ? 'light' : 'dark') : kept.theme;
  root.dataset.palette = kept.palette ?? 'standard';
  root.dataset.density = kept.density ?? 'comfortable';
  root.lang = kept.language ?? 'en';
  root.dir = kept.language === 'ar' ? 'rtl' : 'ltr';
})();
