import { type MouseEvent, useCallback, useEffect, useState } from 'react';

export const SECTIONS = [
  { id: 'overview', name: 'Overview' },
  { id: 'deliveries', name: 'Deliveries' },
  { id: 'keys', name: 'Keys' },
  { id: 'accounts', name: 'Accounts' },
] as const;
export type Section = (typeof SECTIONS)[number]['id'];

interface SectionLink {
  href: string;
  onClick(event: MouseEvent): void;
}

/** Which part of the console the address names, and links that change it without loading the page anew. */
export function useSection(base: string): { section: Section; link: (id: Section) => SectionLink } {
  const [section, setSection] = useState(() => sectionOf(window.location.pathname));
  useEffect(() => {
    const follow = () => setSection(sectionOf(window.location.pathname));
    window.addEventListener('popstate', follow);
    return () => window.removeEventListener('popstate', follow);
  }, []);
  const link = useCallback(
    (id: Section): SectionLink => {
      const href = id === 'overview' ? `${base}/console` : `${base}/console/${id}`;
      return {
        href,
        onClick(event) {
          // A click that asks for a new tab or window is the browser's.
          if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
          event.preventDefault();
          window.history.pushState(null, '', href);
          setSection(id);
        },
      };
    },
    [base],
  );
  return { section, link };
}

export function sectionOf(path: string): Section {
  const name = /\/console\/([a-z]+)\/?$/.exec(path)?.[1];
  return SECTIONS.find(({ id }) => id === name)?.id ?? 'overview';
}
