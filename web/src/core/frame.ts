/** What is drawn follows the screen: once a frame, and of what comes between two frames only the newest. */

/** Hands on the newest of what it is given, once a frame; `later`: what calls back at the next frame. */
export function eachFrame<T>(draw: (newest: T) => void, later: (f: () => void) => unknown = requestAnimationFrame): (value: T) => void {
  let waits = false, newest: T;
  return (value) => {
    newest = value;
    if (waits) return;
    waits = true;
    later(() => { waits = false; draw(newest); });
  };
}

/** Calls back when the frame that is being made is on the screen. */
export function whenSeen(then: () => void): void {
  setTimeout(then);  // from within a frame: after it was painted
}

const MOST = 20_000;

/** Notes a number at the end of a list that does not grow for ever. */
export function note(list: number[], value: number): void {
  if (list.length >= MOST) list.splice(0, MOST / 2);
  list.push(value);
}
