/** The colours of the theme by the names that the stylesheet gives them; asked of the page once a theme, as each question has it find its styles anew. */

import { theme } from "../core/store";

const known = new Map<string, string>();
let worn = "";

export function colour(name: string): string {
  const now = theme.value, root = document.documentElement;
  if (now !== worn) {
    root.dataset.theme = worn = now;
    known.clear();
  }
  let found = known.get(name);
  if (found === undefined) known.set(name, (found = getComputedStyle(root).getPropertyValue(name).trim()));
  return found;
}
