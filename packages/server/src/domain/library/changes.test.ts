import { describe, expect, it } from 'vitest';
import type { Ear, Neighbours } from '../neighbours.js';
import { LibraryChanges } from './changes.js';

describe('changes of the library', () => {
  it('[LI111] are told here and to the other servers, and what those tell is told apart', () => {
    const told: unknown[] = [];
    let ear: Ear | undefined;
    const neighbours: Neighbours = {
      tell: (subject, message) => void told.push([subject, message]),
      listen: (_subject, listening) => {
        ear = listening;
        return () => {};
      },
    };
    const changes = new LibraryChanges(neighbours);
    const heard: unknown[] = [];
    const stop = changes.listen({
      onChange: ({ what }) => void heard.push(['here', what]),
      onFarChange: ({ what }) => void heard.push(['there', what]),
      onMissed: () => void heard.push('missed'),
    });
    const change = { documentId: '7', ownerId: 'ann', what: 'access', former: ['ben'] };

    changes.tell({ id: '7', ownerId: 'ann' }, 'access', ['ben']);
    ear?.hear(change);
    ear?.missed();
    stop();
    ear?.hear(change);

    expect(told).toEqual([['library', change]]);
    expect(heard).toEqual([['here', 'access'], ['there', 'access'], 'missed']);
  });
});
