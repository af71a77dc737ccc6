import type { ReactNode } from 'react';
import { Icon } from '../kit/icon.js';

/** The band at the top of the start page and the console. */
export function TopBar({ home, children }: { home: string; children?: ReactNode }) {
  return (
    <header className="pg-bar">
      <a className="pg-brand" href={home}>
        <span className="pg-mark">
          <Icon name="document" size={15} />
        </span>
        <span className="pg-name">Officina</span>
      </a>
      {children}
    </header>
  );
}
