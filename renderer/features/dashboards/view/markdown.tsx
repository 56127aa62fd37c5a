import ReactMarkdown from 'react-markdown';
import remarkGfm from 'remark-gfm';

const plugins = [remarkGfm];
const allowed = /^(https?|mailto):/i;

/** Text of a panel. No HTML passes through; links lead to http, https and mail addresses only, pictures are not fetched. */
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
