export interface Zone {
  name: string;
  /** Folder or file below the repository's root. */
  path: string;
  /** Names of the zones that it may import, besides itself. */
  may: readonly string[];
}

/**
 * Who may import whom. The first zone whose path holds a file is the file's zone. The same table draws the picture in
 * ARCHITECTURE.md.
 */
export const ZONES: readonly Zone[] = [
  { name: 'protocol', path: 'packages/protocol/src', may: [] },
  { name: 'engine/kit', path: 'packages/engine/src/kit', may: [] },
  { name: 'engine/version', path: 'packages/engine/src/writer/version.ts', may: [] },
  { name: 'engine/writer', path: 'packages/engine/src/writer', may: ['engine/kit', 'engine/version'] },
  { name: 'client', path: 'packages/client/src', may: ['protocol'] },
  { name: 'web', path: 'packages/web/src', may: ['client', 'protocol', 'engine/writer', 'engine/kit'] },
  { name: 'server/config', path: 'packages/server/src/config.ts', may: ['server/domain', 'protocol'] },
  { name: 'server/domain', path: 'packages/server/src/domain', may: ['protocol'] },
  { name: 'server/rooms', path: 'packages/server/src/rooms', may: ['server/domain', 'protocol'] },
  { name: 'server/http/kit', path: 'packages/server/src/http/kit', may: ['server/domain', 'protocol'] },
  {
    name: 'server/http/integrator',
    path: 'packages/server/src/http/integrator',
    may: ['server/http/kit', 'server/domain', 'protocol'],
  },
  {
    name: 'server/http/dataapi',
    path: 'packages/server/src/http/dataapi',
    may: ['server/http/kit', 'server/domain', 'protocol'],
  },
  {
    name: 'server/http/health',
    path: 'packages/server/src/http/health',
    may: ['server/http/kit', 'server/domain'],
  },
  {
    name: 'server/http/pages',
    path: 'packages/server/src/http/pages',
    may: ['server/http/kit', 'server/domain', 'protocol'],
  },
  {
    name: 'server/http/console',
    path: 'packages/server/src/http/console',
    may: ['server/http/kit', 'server/domain', 'protocol'],
  },
  {
    name: 'server/http/library',
    path: 'packages/server/src/http/library',
    may: ['server/http/kit', 'server/domain', 'protocol'],
  },
  {
    name: 'server/http',
    path: 'packages/server/src/http/app.ts',
    may: ['server/http/kit', 'server/domain', 'protocol'],
  },
  { name: 'server/storage', path: 'packages/server/src/storage', may: ['server/domain', 'protocol'] },
  { name: 'server/egress', path: 'packages/server/src/egress', may: ['server/domain', 'protocol'] },
  { name: 'server/observe', path: 'packages/server/src/observe', may: ['server/domain'] },
  {
    name: 'server/convert',
    path: 'packages/server/src/convert',
    may: ['server/domain', 'engine/writer', 'engine/kit', 'protocol'],
  },
  {
    name: 'server/main',
    path: 'packages/server/src',
    may: [
      'server/config',
      'server/domain',
      'server/rooms',
      'server/http',
      'server/http/kit',
      'server/http/integrator',
      'server/http/dataapi',
      'server/http/health',
      'server/http/pages',
      'server/http/console',
      'server/http/library',
      'server/storage',
      'server/egress',
      'server/observe',
      'server/convert',
      'engine/version',
      'protocol',
    ],
  },
];

/** A Mermaid graph of the table: an arrow for every import that is allowed; the program's entry may import all of the server. */
export function drawPicture(): string {
  const id = (name: string) => name.replaceAll('/', '_');
  const drawn = ZONES.filter((zone) => zone.name !== 'server/main');
  const nodes = drawn.map((zone) => `  ${id(zone.name)}["${zone.name}"]`);
  const arrows = drawn.flatMap((zone) => zone.may.map((may) => `  ${id(zone.name)} --> ${id(may)}`));
  return ['```mermaid', 'graph LR', ...nodes, ...arrows, '```'].join('\n');
}
