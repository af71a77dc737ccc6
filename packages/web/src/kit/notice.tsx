import type { ReactNode } from 'react';

export interface NoticeProps {
  readonly tone: 'calm' | 'warn' | 'bad';
  readonly children: ReactNode;
  readonly actions?: ReactNode;
}

/** A band below the header for what the person should know now; announced once, without taking the focus. */
export function Notice({ tone, children, actions }: NoticeProps) {
  return (
    <div className="of-notice" data-tone={tone} role={tone === 'bad' ? 'alert' : 'status'}>
      <p>{children}</p>
      {actions}
    </div>
  );
}
