import type { ComponentChildren } from 'preact';
import { useEffect, useId } from 'preact/hooks';
import { say } from '../words/words.ts';
import { Icon } from './icon.tsx';

/** Head of a page: its name, what it is about, what can be done here. */
export function PageHead({
  title,
  about,
  back,
  actions,
}: {
  title: string;
  about?: ComponentChildren;
  back?: { href: string; text: string };
  actions?: ComponentChildren;
}) {
  useEffect(() => {
    document.title = `${title} · ${say('product')}`;
  }, [title]);
  return (
    <header class="page-head">
      <div>
        {back !== undefined && (
          <a class="back" href={back.href}>
            <Icon name="back" size={18} /> {back.text}
          </a>
        )}
        <h1 tabIndex={-1}>{title}</h1>
        {about !== undefined && <p class="about">{about}</p>}
      </div>
      {actions !== undefined && <div class="page-actions">{actions}</div>}
    </header>
  );
}

/** A part of a page with a heading of its own. */
export function Panel({
  title,
  actions,
  tone,
  children,
}: {
  title: string;
  actions?: ComponentChildren;
  tone?: 'care' | 'plain';
  children: ComponentChildren;
}) {
  const id = useId();
  return (
    <section class={`panel${tone === undefined ? '' : ` panel-${tone}`}`} aria-labelledby={id}>
      <header class="panel-head">
        <h2 id={id}>{title}</h2>
        {actions !== undefined && <div class="panel-actions">{actions}</div>}
      </header>
      {children}
    </section>
  );
}

/** Names and values, as in a form that was filled in. */
export function Facts({ items }: { items: readonly [name: string, value: ComponentChildren][] }) {
  return (
    <dl class="facts">
      {items
        .filter(([, value]) => value !== undefined && value !== '')
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}

export type Tone = 'good' | 'care' | 'bad' | 'live' | 'plain' | 'info';

/** A state in one or two words, told by colour and text. */
export function Badge({ tone, children }: { tone: Tone; children: ComponentChildren }) {
  return <span class={`badge badge-${tone}`}>{children}</span>;
}

/** Tabs that are links: each has its own address. */
export function Tabs({
  label,
  items,
}: {
  label: string;
  items: readonly { text: string; href: string; current: boolean }[];
}) {
  return (
    <nav class="tabs" aria-label={label}>
      {items.map(({ text, href, current }) => (
        <a key={href} href={href} aria-current={current ? 'page' : undefined}>
          {text}
        </a>
      ))}
    </nav>
  );
}
