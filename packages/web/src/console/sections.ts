export const SECTIONS = [
  { id: 'overview', name: 'Overview' },
  { id: 'deliveries', name: 'Deliveries' },
  { id: 'keys', name: 'Keys' },
  { id: 'accounts', name: 'Accounts' },
] as const;
export type Section = (typeof SECTIONS)[number]['id'];

export function sectionOf(path: string): Section {
  const name = /\/console\/([a-z]+)\/?$/.exec(path)?.[1];
  return SECTIONS.find(({ id }) => id === name)?.id ?? 'overview';
}

export function pathOf(section: Section): string {
  return section === 'overview' ? '/console' : `/console/${section}`;
}
