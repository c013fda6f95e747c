import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { number } from '../words/format.ts';
import { say } from '../words/words.ts';
import { Button } from './button.tsx';

export interface Column<T> {
  title: string;
  cell(item: T): ComponentChildren;
  /** Numbers stand right. */
  right?: boolean;
  /** The column that names the row. */
  main?: boolean;
}

/** A table; on a phone each row becomes a card that names its cells. */
export function Table<T>({
  caption,
  columns,
  items,
  keyOf,
  marked,
}: {
  caption: string;
  columns: readonly Column<T>[];
  items: readonly T[];
  keyOf: (item: T) => string;
  marked?: (item: T) => boolean;
}) {
  return (
    <TableFrame label={caption}>
      <table class="table">
        <caption class="hidden">{caption}</caption>
        <thead>
          <tr>
            {columns.map(({ title, right }) => (
              <th key={title} scope="col" class={right === true ? 'right' : undefined}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <tr key={keyOf(item)} class={marked?.(item) === true ? 'marked' : undefined}>
              {columns.map(({ title, cell, right, main }) =>
                main === true ? (
                  <th key={title} scope="row">
                    {cell(item)}
                  </th>
                ) : (
                  <td key={title} data-title={title} class={right === true ? 'right' : undefined}>
                    {cell(item)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

/** Around a table that may be wider than its place: then it is scrolled, by keyboard too (WCAG 2.1.1). */
export function TableFrame({ label, children }: { label: string; children: ComponentChildren }) {
  const frame = useRef<HTMLDivElement>(null);
  const scrolls = useSignal(false);
  useEffect(() => {
    const element = frame.current;
    if (element === null) return;
    const watch = new ResizeObserver(() => {
      scrolls.value = element.scrollWidth > element.clientWidth && getComputedStyle(element).overflowX !== 'visible';
    });
    for (const one of [element, ...element.children]) watch.observe(one);
    return () => watch.disconnect();
  }, []);
  const reached = scrolls.value ? ({ role: 'region', tabIndex: 0, 'aria-label': label } as const) : {};
  return (
    <div ref={frame} class="table-frame" {...reached}>
      {children}
    </div>
  );
}

/** Leafs through a long list. */
export function Pager({
  total,
  offset,
  limit,
  onMove,
}: {
  total: number;
  offset: number;
  limit: number;
  onMove: (offset: number) => void;
}) {
  if (total <= limit) return null;
  return (
    <nav class="pager" aria-label={say('pager.title')}>
      <Button icon="back" disabled={offset === 0} onClick={() => onMove(Math.max(0, offset - limit))}>
        {say('pager.before')}
      </Button>
      <span>
        {say('pager.place', {
          from: number(offset + 1),
          to: number(Math.min(total, offset + limit)),
          total: number(total),
        })}
      </span>
      <Button icon="forward" disabled={offset + limit >= total} onClick={() => onMove(offset + limit)}>
        {say('pager.next')}
      </Button>
    </nav>
  );
}
