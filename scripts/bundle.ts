import { dirname, join } from 'node:path';
import { build, type Plugin } from 'vite';

/** Packages that stay in `node_modules`: they find files of their own beside them, such as native code, pages or workers. */
const unbundled = ['better-sqlite3', 'keytar', '@fastify/swagger', '@fastify/swagger-ui', 'pdfkit', 'thread-stream', 'pg-native'];

/**
 * Bundles a program into a folder of `out`, with its threads, its helper processes and the packages it uses. Loading a few large files takes
 * less processor time than loading a thousand small ones: a start of the backend takes a third less.
 * @param entry path of its first module, from the root of the project
 */
export async function bundle(root: string, { folder, entry }: { folder: string; entry: string }): Promise<void> {
  await build({
    configFile: false,
    root,
    logLevel: 'warn',
    publicDir: false,
    plugins: [bundleThreads()],
    ssr: { noExternal: true, external: unbundled },
    build: {
      ssr: true,
      outDir: join(root, 'out', folder),
      emptyOutDir: true,
      target: 'node24',
      minify: false,
      sourcemap: true,
      rolldownOptions: {
        // Nothing is left out: a call that only checks by throwing, such as decodeURIComponent, would count as useless. With `build.minify`
        // alone, vite still removes such code.
        treeshake: false,
        input: join(root, entry),
        output: { minify: false, entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  });
}

/**
 * Builds each thread or process that a module names as `new URL('./x.ts', import.meta.url)` to a file of that name, and points the module to it.
 * @throws Error when two of one program have the same name
 */
function bundleThreads(): Plugin {
  const paths = new Map<string, string>();
  const reference = /new URL\('(\.\/([\w-]+)\.ts)', import\.meta\.url\)/g;
  return {
    name: 'watchfloor:threads',
    // Sees the sources as they are written, before types are stripped.
    enforce: 'pre',
    transform: {
      filter: { code: reference },
      handler(code, id) {
        const built = code.replaceAll(reference, (_, path: string, name: string) => {
          const source = join(dirname(id), path);
          if ((paths.get(name) ?? source) !== source) this.error(`${source} and ${paths.get(name)} need different names.`);
          paths.set(name, source);
          this.emitFile({ type: 'chunk', id: source, fileName: `${name}.js` });
          return `new URL('./${name}.js', import.meta.url)`;
        });
        return { code: built, map: null };
      },
    },
  };
}
