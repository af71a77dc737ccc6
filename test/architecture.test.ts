import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { drawPicture, ZONES, type Zone } from './architecture/zones.js';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Third-party packages that only some zones may import. */
const GUARDED_PACKAGES: readonly { pattern: RegExp; zones: readonly string[] }[] = [
  { pattern: /^@docx-editor\.dev\//, zones: ['engine/writer', 'web'] },
  {
    pattern: /^(fastify|@fastify\/.*)$/,
    zones: [
      'server/http',
      'server/http/kit',
      'server/http/integrator',
      'server/http/dataapi',
      'server/http/health',
      'server/http/pages',
      'server/http/console',
      'server/http/library',
      'server/main',
    ],
  },
  { pattern: /^(kysely|pg|better-sqlite3|node:sqlite)$/, zones: ['server/storage'] },
  { pattern: /^undici$/, zones: ['server/egress'] },
  { pattern: /^aws4fetch$/, zones: ['server/storage'] },
  { pattern: /^(pino|prom-client)$/, zones: ['server/observe'] },
];

interface ImportOf {
  file: string;
  target: string;
}

describe('architecture', () => {
  const files = listSources(join(root, 'packages'));
  const imports = files.flatMap((file) => importsOf(file).map((target): ImportOf => ({ file, target })));

  it('sees the sources', () => {
    expect(files.length).toBeGreaterThan(20);
    expect(imports.length).toBeGreaterThan(20);
  });

  it('lets a zone import only what its row allows', () => {
    const faults = imports.flatMap(({ file, target }) => faultOf(file, target));
    expect(faults).toEqual([]);
  });

  it('has no import cycle', () => {
    expect(findCycle(files, imports)).toEqual([]);
  });

  it('reads the environment in config.ts only', () => {
    const readers = files.filter(
      (file) =>
        /\bprocess\.env\b/.test(readFileSync(file, 'utf8')) &&
        !isTest(file) &&
        !/[\\/](cli|storage[\\/]postgres[\\/]test-postgres)/.test(file),
    );
    expect(readers.map(short).filter((file) => file !== 'packages/server/src/config.ts')).toEqual([]);
  });

  it('draws the picture in ARCHITECTURE.md', () => {
    const page = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8');
    expect(page).toContain(drawPicture());
  });
});

function faultOf(file: string, target: string): string[] {
  const from = zoneOf(file);
  if (!from) return [`${short(file)} belongs to no zone`];
  if (isTest(file)) return [];
  const to = resolveTarget(file, target);
  if (to === undefined) {
    const guard = GUARDED_PACKAGES.find(
      ({ pattern }) => pattern.test(packageName(target)) || pattern.test(target),
    );
    return guard && !guard.zones.includes(from.name)
      ? [`${short(file)} (${from.name}) imports ${target}`]
      : [];
  }
  const zone = zoneOf(to);
  if (!zone) return [`${short(file)} imports ${target}, which belongs to no zone`];
  if (zone.name === from.name || from.may.includes(zone.name)) return [];
  return [`${short(file)} (${from.name}) imports ${short(to)} (${zone.name})`];
}

function zoneOf(file: string): Zone | undefined {
  const path = short(file);
  return ZONES.find((zone) => path === zone.path || path.startsWith(`${zone.path}/`));
}

/** The source file that an import names, or undefined for a third-party package. */
function resolveTarget(file: string, target: string): string | undefined {
  if (target.startsWith('.')) return existingSource(resolve(dirname(file), target));
  const workspace = /^@officina\/([a-z]+)(?:\/(.+))?$/.exec(target);
  if (!workspace) return undefined;
  return existingSource(join(root, 'packages', workspace[1] ?? '', 'src', workspace[2] ?? 'index.ts'));
}

function existingSource(path: string): string {
  const bare = path.replace(/\.(js|jsx|ts|tsx)$/, '');
  const found = [`${bare}.ts`, `${bare}.tsx`, join(bare, 'index.ts'), path].find((candidate) =>
    existsSync(candidate),
  );
  return found ?? path;
}

function packageName(target: string): string {
  return target.startsWith('@') ? target.split('/').slice(0, 2).join('/') : (target.split('/')[0] ?? target);
}

function importsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');
  const found = text.matchAll(
    /^\s*(?:import|export)\s[^'"`;]*?from\s+['"]([^'"]+)['"]|^\s*import\s+['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/gm,
  );
  return [...found]
    .map((match) => match[1] ?? match[2] ?? match[3] ?? '')
    .filter((target) => !target.includes('?'));
}

/** The files of one cycle of imports, or nothing. */
function findCycle(files: readonly string[], imports: readonly ImportOf[]): string[] {
  const edges = new Map<string, string[]>(files.map((file) => [file, []]));
  for (const { file, target } of imports) {
    const to = resolveTarget(file, target);
    if (to !== undefined && !isTest(file)) edges.get(file)?.push(to);
  }
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): string[] => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file].map(short);
    if (done.has(file)) return [];
    for (const next of edges.get(file) ?? []) {
      const cycle = visit(next, [...path, file]);
      if (cycle.length > 0) return cycle;
    }
    done.add(file);
    return [];
  };
  for (const file of files) {
    const cycle = visit(file, []);
    if (cycle.length > 0) return cycle;
  }
  return [];
}

function listSources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (['node_modules', 'dist'].includes(entry.name)) return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return listSources(path);
    return /\.tsx?$/.test(entry.name) && !entry.name.endsWith('.d.ts') && path.includes(`${sep}src${sep}`)
      ? [path]
      : [];
  });
}

function isTest(file: string): boolean {
  return /\.test\.tsx?$/.test(file) || /[\\/](testing|contract\.ts|test-[a-z]+\.ts)/.test(file);
}

function short(file: string): string {
  return relative(root, file).split(sep).join('/');
}
