/** Curves that are laid over another. */

/** The times after `end` of the flight laid over that lasts longest: it is drawn to its own end. */
export function beyond(end: number, over: { time: ArrayLike<number> }[]): number[] {
  const longest = over.reduce<number[]>((a, o) => ((o.time[o.time.length - 1] ?? 0) > (a[a.length - 1] ?? end) ? Array.from(o.time) : a), []);
  return longest.filter((x) => x > end);
}
