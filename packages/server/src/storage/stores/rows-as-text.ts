import { type RawBuilder, sql } from 'kysely';
import type { Database } from '../database.js';

/**
 * The named columns of all rows that a query finds, as the JSON of an array of arrays, in no order that could be relied
 * on: a thousand rows made into objects, and those sent from SQLite's thread to the event loop, cost three times as much.
 */
export function rowsAsText(kind: Database['kind'], columns: readonly string[]): RawBuilder<string> {
  const row = sql.join(columns.map((column) => sql.ref(column)));
  return kind === 'sqlite'
    ? sql<string>`json_group_array(json_array(${row}))`
    : sql<string>`coalesce(json_agg(json_build_array(${row})), '[]')::text`;
}
