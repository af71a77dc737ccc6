import { describe, expect, it } from 'vitest';
import { settle } from './testing/fake-time.js';
import { RoomLab } from './testing/room-lab.js';

describe('room: order and durability', () => {
  it('[RO1] numbers operations from 1 without a gap, in one order for everybody', async () => {
    const lab = new RoomLab();
    const ada = await lab.enter('ada');
    const ben = await lab.enter('ben');

    ada.type('a1');
    ben.type('b1');
    ada.type('a2');
    await lab.time.advance(100);

    expect(ada.heard).toEqual(['a1', 'b1', 'a2']);
    expect(ben.heard).toEqual(ada.heard);
    expect(ada.operations.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
  });

  it('[RO2] nobody hears of an operation, its author included, before it is durable', async () => {
    const lab = new RoomLab();
    const ada = await lab.enter('ada');
    const ben = await lab.enter('ben');
    lab.log.hold();

    ada.type('a1');
    await lab.time.advance(1_000);
    expect([...ada.heard, ...ben.heard]).toEqual([]);

    lab.log.release();
    await settle();
    expect(ada.heard).toEqual(['a1']);
    expect(ben.heard).toEqual(['a1']);
  });
});
