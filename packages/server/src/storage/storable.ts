/**
 * PostgreSQL's text cannot hold U+0000, so no database gets it: it becomes U+FFFD, when it is written and when it is
 * looked for, and a hostile name is neither an error nor different from one database to the other.
 */
export function storable(parameters: readonly unknown[]): readonly unknown[] {
  return parameters.some(holdsNul)
    ? parameters.map((value) => (holdsNul(value) ? value.replaceAll('\0', '\uFFFD') : value))
    : parameters;
}

function holdsNul(value: unknown): value is string {
  return typeof value === 'string' && value.includes('\0');
}
