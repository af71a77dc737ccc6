import type { ReactNode } from 'react';
import { Icon, type IconName } from './icon.js';

export interface FullPageProps {
  readonly icon: IconName;
  readonly title: string;
  readonly children: ReactNode;
  readonly actions?: ReactNode;
}

/** A page that says one thing: what happened, and what can be done now. */
export function FullPage({ icon, title, children, actions }: FullPageProps) {
  return (
    <main className="of-page">
      <div className="of-card" role="alert">
        <Icon name={icon} size={36} />
        <h1>{title}</h1>
        {children}
        {actions !== undefined && <div className="of-actions">{actions}</div>}
      </div>
    </main>
  );
}
