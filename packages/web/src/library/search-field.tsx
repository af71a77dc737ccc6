import { useEffect, useRef, useState } from 'react';
import { Icon } from '../kit/icon.js';

const PAUSE_MS = 250;

/** Looks for names and texts while one types; `/` goes to it from anywhere. */
export function SearchField({ value, onSearch }: { value: string; onSearch: (text: string) => void }) {
  const [text, setText] = useState(value);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (text === value) return;
    const timer = setTimeout(() => onSearch(text.trim()), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text, value, onSearch]);
  useEffect(() => {
    const goThere = (event: KeyboardEvent) => {
      const isTyping = (event.target as HTMLElement).closest('input, textarea, select, dialog') !== null;
      if (event.key !== '/' || isTyping) return;
      event.preventDefault();
      field.current?.focus();
    };
    document.addEventListener('keydown', goThere);
    return () => document.removeEventListener('keydown', goThere);
  }, []);
  return (
    <search className="lb-search">
      <Icon name="search" size={16} />
      <input
        ref={field}
        type="search"
        className="of-field"
        aria-label="Search by name and text"
        placeholder="Search by name and text"
        value={text}
        maxLength={200}
        onChange={(event) => setText(event.target.value)}
      />
    </search>
  );
}
