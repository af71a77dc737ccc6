import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';

export interface MenuEntry {
  name: string;
  icon?: ReactNode;
  tone?: 'bad';
  /** A link is followed by the browser; everything else is done. */
  href?: string;
  isDownload?: boolean;
  onChoose?(): void;
}

export interface MenuProps {
  label: string;
  className: string;
  children: ReactNode;
  /** Groups, with a line between them. */
  groups: readonly (readonly MenuEntry[])[];
}

/** A button with a menu, by mouse and by keyboard as the ARIA Authoring Practices have it. */
export function Menu({ label, className, children, groups }: MenuProps) {
  const [isOpen, setOpen] = useState(false);
  const [opensUp, setOpensUp] = useState(false);
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const list = useRef<HTMLDivElement>(null);

  useEffect(() => {
    if (!isOpen) return;
    entriesIn(list.current)[0]?.focus();
    const closeOutside = (event: PointerEvent) => {
      const target = event.target as Node;
      if (!list.current?.contains(target) && !button.current?.contains(target)) setOpen(false);
    };
    document.addEventListener('pointerdown', closeOutside);
    return () => document.removeEventListener('pointerdown', closeOutside);
  }, [isOpen]);

  const open = () => {
    const place = button.current?.getBoundingClientRect();
    setOpensUp(place !== undefined && place.bottom > window.innerHeight - 340 && place.top > 340);
    setOpen(true);
  };
  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  const move = (event: KeyboardEvent) => {
    const entries = entriesIn(list.current);
    const at = entries.indexOf(document.activeElement as HTMLElement);
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: (at + 1) % entries.length,
      ArrowUp: (at - 1 + entries.length) % entries.length,
      Home: 0,
      End: entries.length - 1,
    };
    const next = steps[event.key];
    if (next !== undefined) {
      event.preventDefault();
      entries[next]?.focus();
    } else if (event.key === 'Escape') {
      event.stopPropagation();
      close();
    } else if (event.key === 'Tab') setOpen(false);
  };

  return (
    <div className="lb-menu-place">
      <button
        ref={button}
        type="button"
        className={className}
        aria-label={label}
        title={label}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        onClick={() => (isOpen ? setOpen(false) : open())}
      >
        {children}
      </button>
      {isOpen && (
        <div
          ref={list}
          id={id}
          className="lb-menu"
          data-up={opensUp || undefined}
          role="menu"
          tabIndex={-1}
          aria-label={label}
          onKeyDown={move}
        >
          {groups
            .filter((group) => group.length > 0)
            .map((group) => (
              // biome-ignore lint/a11y/useSemanticElements: a fieldset is no part of a menu
              <div key={group[0]?.name} role="group">
                {group.map((entry) => (
                  <Entry
                    key={entry.name}
                    entry={entry}
                    onChosen={() => {
                      close();
                      entry.onChoose?.();
                    }}
                  />
                ))}
              </div>
            ))}
        </div>
      )}
    </div>
  );
}

function Entry({ entry, onChosen }: { entry: MenuEntry; onChosen: () => void }) {
  const { name, icon, tone, href, isDownload } = entry;
  if (href !== undefined) {
    return (
      <a
        role="menuitem"
        tabIndex={-1}
        href={href}
        onClick={onChosen}
        {...(isDownload ? { download: '' } : { target: '_blank', rel: 'noopener' })}
      >
        {icon}
        {name}
      </a>
    );
  }
  return (
    <button type="button" role="menuitem" tabIndex={-1} data-tone={tone} onClick={onChosen}>
      {icon}
      {name}
    </button>
  );
}

function entriesIn(list: HTMLElement | null): HTMLElement[] {
  return [...(list?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? [])];
}
