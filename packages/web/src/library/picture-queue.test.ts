import { expect, it } from 'vitest';
import { PictureQueue } from './picture-queue.js';

it('[LI112] pictures are loaded three at a time, in the order in which they were wanted', () => {
  const wall = aWall();
  for (const path of ['a', 'b', 'c', 'd', 'e']) wall.want(path);
  expect(wall.asked).toEqual(['a', 'b', 'c']);
  wall.arrive('b');
  expect(wall.asked).toEqual(['a', 'b', 'c', 'd']);
});

it('[LI112] a picture that went out of sight before its turn is never asked for', () => {
  const wall = aWall();
  for (const path of ['a', 'b', 'c', 'd', 'e']) wall.want(path);
  wall.queue.forget('d');
  wall.arrive('a');
  expect(wall.asked).toEqual(['a', 'b', 'c', 'e']);
});

it('a picture that is said twice to be there makes room for one other', () => {
  const wall = aWall();
  for (const path of ['a', 'b', 'c', 'd', 'e']) wall.want(path);
  wall.arrive('a');
  wall.arrive('a');
  expect(wall.asked).toEqual(['a', 'b', 'c', 'd']);
});

function aWall() {
  const asked: string[] = [];
  const loads = new Map<string, () => void>();
  const queue = new PictureQueue();
  return {
    queue,
    asked,
    want: (path: string) =>
      queue.want(path, (done) => {
        asked.push(path);
        loads.set(path, done);
      }),
    arrive: (path: string) => loads.get(path)?.(),
  };
}
