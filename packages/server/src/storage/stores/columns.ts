/** One field of a value: its column, and how it is written there. */
export interface Column {
  name: string;
  /** The field as the column holds it; itself when absent. */
  write?: (value: never) => unknown;
}

/** Each field of a value and its column; the compiler sees to it that none is forgotten. */
export type Columns<Value> = { readonly [Field in keyof Value]-?: Column };

export const asJson = { write: (value: unknown) => (value === null ? null : JSON.stringify(value)) };
export const asFlag = { write: (value: boolean) => (value ? 1 : 0) };

/** The columns of the fields that `change` has. */
export function writeColumns<Value extends object>(
  columns: Columns<Value>,
  change: Partial<Value>,
): Record<string, unknown> {
  const row: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(change)) {
    if (value === undefined) continue;
    const column = columns[field as keyof Value];
    if (column === undefined) throw new Error(`There is no column for ${field}.`);
    row[column.name] = column.write === undefined ? value : column.write(value as never);
  }
  return row;
}

/** Names of the columns, in the order of `valuesIn`. */
export function columnNames<Value>(columns: Columns<Value>): string[] {
  return Object.values<Column>(columns).map(({ name }) => name);
}

/** A whole row's values in the order of its columns. */
export function valuesIn<Value>(columns: Columns<Value>, row: Readonly<Record<string, unknown>>): unknown[] {
  return columnNames(columns).map((name) => row[name] ?? null);
}
