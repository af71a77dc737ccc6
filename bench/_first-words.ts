/** Runs in the page: when the first words were painted, in milliseconds since 1970. */
export function paintedAt(): Promise<number> {
  return new Promise((resolve) => {
    new PerformanceObserver((list) => {
      const [words] = list.getEntries() as (PerformanceEntry & { renderTime: number })[];
      if (words) resolve(performance.timeOrigin + words.renderTime);
    }).observe({ type: 'element', buffered: true });
  });
}
