import { afterEach, expect, it, vi } from 'vitest';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

it('[LI112] a document is watched only while its group is in sight', async () => {
  const { look, whenItemInSight, watched } = await aWindow();
  const group = {} as Element;
  const item = { parentElement: group } as unknown as Element;
  const heard: boolean[] = [];
  const stop = whenItemInSight(item, (isInSight) => heard.push(isInSight));
  expect([...watched]).toEqual([group]);
  look(group, true);
  look(item, true);
  look(group, false);
  expect(heard).toEqual([true, false]);
  expect([...watched]).toEqual([group]);
  stop();
  expect(watched.size).toBe(0);
});

it('[LI112] a document that comes into a group that is in sight already is watched at once', async () => {
  const { look, whenItemInSight } = await aWindow();
  const group = {} as Element;
  const first = { parentElement: group } as unknown as Element;
  const second = { parentElement: group } as unknown as Element;
  const heard: boolean[] = [];
  whenItemInSight(first, () => {});
  look(group, true);
  whenItemInSight(second, (isInSight) => heard.push(isInSight));
  look(second, true);
  expect(heard).toEqual([true]);
});

/** A window in which a test says what is in sight. */
async function aWindow() {
  const watched = new Set<Element>();
  let tell: (entries: { target: Element; isIntersecting: boolean }[]) => void = () => {};
  vi.stubGlobal(
    'IntersectionObserver',
    class {
      constructor(callback: typeof tell) {
        tell = callback;
      }
      observe(element: Element) {
        watched.add(element);
      }
      unobserve(element: Element) {
        watched.delete(element);
      }
    },
  );
  const { whenItemInSight } = await import('./in-sight.js');
  const look = (target: Element, isIntersecting: boolean) => {
    if (watched.has(target)) tell([{ target, isIntersecting }]);
  };
  return { look, whenItemInSight, watched };
}
