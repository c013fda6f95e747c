import type { ComponentChildren } from 'preact';
import type { Loaded } from '../client/data.ts';
import { queryOf, setQuery } from '../shell/route.ts';
import type { IconName } from './icon.tsx';
import { Empty, Waiting } from './notice.tsx';
import { type Column, Pager, Table } from './table.tsx';

/** What may be listed: the answer of a list, whole or a page of it. */
interface Page<T> {
  items: readonly T[];
  total?: number;
}

/**
 * A list of the API as it is shown everywhere: waiting for it or why it cannot be had, that there is nothing, else a table,
 * with a pager where it has more than one page (`offset` of the address).
 */
export function List<T extends { id: string }>({
  found,
  caption,
  columns,
  none,
  icon,
  limit,
  marked,
  help,
}: {
  found: Pick<Loaded<Page<T>>, 'value' | 'error' | 'reload'>;
  caption: string;
  columns: readonly Column<T>[];
  /** What is said when there is nothing. */
  none: string;
  icon: IconName;
  /** Items of a page; without it all are shown. */
  limit?: number;
  marked?: (item: T) => boolean;
  /** What can be done when there is nothing. */
  help?: ComponentChildren;
}) {
  const { value } = found;
  if (value === undefined) return <Waiting error={found.error} reload={found.reload} />;
  if (value.items.length === 0) {
    return (
      <Empty icon={icon} title={none}>
        {help}
      </Empty>
    );
  }
  return (
    <>
      <Table
        caption={caption}
        items={value.items}
        keyOf={({ id }) => id}
        columns={columns}
        {...(marked === undefined ? {} : { marked })}
      />
      {limit !== undefined && (
        <Pager
          total={value.total ?? value.items.length}
          offset={pageOffset()}
          limit={limit}
          onMove={(place) => setQuery({ offset: place === 0 ? undefined : String(place) })}
        />
      )}
    </>
  );
}

/** Where the shown page of a list begins, as the address of the page says. */
export const pageOffset = (): number => Number(queryOf('offset') || 0);
