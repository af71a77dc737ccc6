import { describe, expect, it } from 'vitest';
import type { Ear, Neighbours } from '../neighbours.js';
import { RoomsEverywhere } from './rooms-everywhere.js';
import type { RoomControl, Session } from './session.js';

/** Servers on one store, whose messages arrive when the test says so. */
function twoServers(session: Session) {
  const store = new Map([[session.id, session]]);
  const inbox: (() => void)[] = [];
  const ears: { server: string; ear: Ear }[] = [];
  const neighboursOf = (server: string): Neighbours => ({
    tell: (_subject, message) => {
      for (const each of ears) {
        if (each.server !== server) inbox.push(() => each.ear.hear(JSON.parse(JSON.stringify(message))));
      }
    },
    listen: (_subject, ear) => {
      ears.push({ server, ear });
      return () => {};
    },
  });
  const server = (name: string, connected: readonly string[]) => {
    const told: unknown[] = [];
    const here: RoomControl = {
      endSession: ({ id }, reason) => void told.push([id, reason]),
      tellExpiry: ({ id }) => void told.push([id, 'expiry']),
      tellPermissions: ({ id, permissions }) => void told.push([id, permissions['document.edit']]),
    };
    const connections = { has: (id: string) => connected.includes(id), list: () => connected };
    const deps = {
      here,
      connections,
      neighbours: neighboursOf(name),
      report: (error: unknown) => void told.push(error),
    };
    const sessions = { find: async (id: string) => store.get(id) };
    return { told, control: new RoomsEverywhere({ ...deps, sessions }) };
  };
  return {
    store,
    acting: server('acting', []),
    holding: server('holding', [session.id]),
    async deliver() {
      for (const arrive of inbox.splice(0)) arrive();
      await Promise.resolve();
      await Promise.resolve();
    },
    miss() {
      for (const { ear } of ears) ear.missed();
    },
  };
}

const session = { id: 's1', state: 'living', permissions: { 'document.edit': true } } as Session;
const reading: Session = { ...session, permissions: { ...session.permissions, 'document.edit': false } };

describe('rooms of several servers', () => {
  it('[SE43] a session that ends on one server is closed on the one that its people are connected to', async () => {
    const { acting, holding, deliver } = twoServers(session);
    acting.control.endSession(session, 'access_withdrawn');
    await deliver();
    expect(holding.told).toEqual([['s1', 'access_withdrawn']]);
    expect(acting.told).toEqual([['s1', 'access_withdrawn']]);
  });

  it('[SE43] permissions that change on one server are told on the other, as the store has them by then', async () => {
    const { store, acting, holding, deliver } = twoServers(session);
    store.set('s1', reading);
    acting.control.tellPermissions(session);
    await deliver();
    expect(holding.told).toEqual([['s1', false]]);
  });

  it('[SE43] after something was missed every connected session is looked at', async () => {
    const { store, acting, holding, miss, deliver } = twoServers(session);
    store.set('s1', { ...session, state: 'deleted' });
    miss();
    await deliver();
    expect(holding.told).toEqual([['s1', 'session_deleted']]);
    expect(acting.told).toEqual([]);
  });
});
