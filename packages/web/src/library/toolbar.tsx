import type { LibrarySort } from '@officina/protocol';
import { useRef } from 'react';
import { Button } from '../kit/button.js';
import { Icon } from '../kit/icon.js';
import { FILE_TYPES } from './uploads.js';

export type Look = 'list' | 'grid';

export interface ToolbarProps {
  title: string;
  sort: LibrarySort;
  look: Look;
  onSort(sort: LibrarySort): void;
  onLook(look: Look): void;
  onNew(): void;
  onFiles(files: readonly File[]): void;
}

const SORTS: readonly (readonly [LibrarySort, string])[] = [
  ['modified', 'Last changed'],
  ['created', 'Newest'],
  ['name', 'Name'],
];

export function Toolbar({ title, sort, look, onSort, onLook, onNew, onFiles }: ToolbarProps) {
  const picker = useRef<HTMLInputElement>(null);
  return (
    <div className="lb-toolbar">
      <h1>{title}</h1>
      <Button tone="accent" onClick={onNew}>
        <Icon name="plus" size={16} />
        New
      </Button>
      <Button onClick={() => picker.current?.click()}>
        <Icon name="upload" size={16} />
        Upload
      </Button>
      <input
        ref={picker}
        type="file"
        hidden
        multiple
        accept={FILE_TYPES}
        data-testid="upload-files"
        onChange={(event) => {
          onFiles([...(event.target.files ?? [])]);
          event.target.value = '';
        }}
      />
      <span className="pg-gap" />
      <label className="lb-sort">
        <span className="of-hidden">Sort by</span>
        <select
          className="of-field"
          value={sort}
          onChange={(event) => onSort(event.target.value as LibrarySort)}
        >
          {SORTS.map(([value, name]) => (
            <option key={value} value={value}>
              {name}
            </option>
          ))}
        </select>
      </label>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would be a form's */}
      <div role="group" aria-label="Look" className="lb-look">
        {(['list', 'grid'] as const).map((each) => (
          <Button
            key={each}
            className="lb-icon-button"
            aria-pressed={look === each}
            aria-label={each === 'list' ? 'As a list' : 'As a grid'}
            title={each === 'list' ? 'As a list' : 'As a grid'}
            onClick={() => onLook(each)}
          >
            <Icon name={each} />
          </Button>
        ))}
      </div>
    </div>
  );
}
