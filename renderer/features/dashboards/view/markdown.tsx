import ReactMarkdown from 'react-markdown';
import remarkGfm from 'remark-gfm';

const plugins = [remarkGfm];
const allowed = /^(https?|mailto):/i;

/** Renders the text of a panel. HTML isn't rendered; links may only lead to http, https and mail addresses; images aren't loaded. */
export function Markdown({ text }: { text: string }) {
  return (
    <div dir="auto" className="prose-panel">
      <ReactMarkdown
        remarkPlugins={plugins}
        skipHtml
        urlTransform={(address) => (allowed.test(address) ? address : '')}
        disallowedElements={['img', 'input']}
        components={{
          a: ({ href, children }) =>
            href ? (
              <a href={href} target="_blank" rel="noreferrer noopener">
                {children}
              </a>
            ) : (
              <span>{children}</span>
            ),
        }}
      >
        {text}
      </ReactMarkdown>
    </div>
  );
}
