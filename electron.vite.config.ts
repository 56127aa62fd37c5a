import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import tailwind from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';

const root = fileURLToPath(new URL('.', import.meta.url));
const at = (path: string) => join(root, path);

/** `out/main` and `out/preload` for the desktop host, `out/renderer` for both hosts. */
export default defineConfig({
  main: {
    build: {
      outDir: at('out/main'),
      target: 'node24',
      rolldownOptions: {
        input: { main: at('main/electron/main.ts'), 'database-thread': at('main/core/storage/thread.ts') },
        // Otherwise vite removes calls that only check by throwing.
        output: { entryFileNames: '[name].js', format: 'es', minify: false },
      },
    },
  },
  preload: {
    build: {
      outDir: at('out/preload'),
      // A sandboxed preload is one CommonJS file that may require nothing but Electron.
      externalizeDeps: false,
      rolldownOptions: { input: { index: at('preload/index.ts') }, output: { entryFileNames: '[name].cjs', format: 'cjs' } },
    },
  },
  renderer: {
    root: at('renderer'),
    // Absolute, so that a page loaded at /alerts/… finds its assets; electron-vite itself would make it relative, for file: pages.
    plugins: [react(), tailwind(), { name: 'watchfloor:absolute-base', config: () => ({ base: '/' }) }],
    build: {
      outDir: at('out/renderer'),
      target: 'chrome140',
      minify: true,
      // Inlined assets would need data: in the content security policy.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      rolldownOptions: { input: at('renderer/index.html') },
    },
  },
});
