"""The web: the studio, in which a rocket is seen, changed and flown at once.

`document` (in `project`) holds the files, `answers` says what a page shows of a project, `worker` does so in a process of its own,
`workspace` serves one project, `app` is the server. There is no physics here, and none in the page.
"""

from __future__ import annotations

__all__: list[str] = []
