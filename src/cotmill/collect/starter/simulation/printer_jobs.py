"""Order in which a printer works off its jobs.

Each job has a name, a minute in which it is sent, a priority and a number of pages. Whenever the printer is
free it takes, among the jobs already sent, the one with the highest priority, of equal ones the one sent
first; if there is none, it waits. Give the names in the order of printing, each with the minute in which it
is done, as "map at 12".
"""

import heapq


def solution(jobs, minutes_per_page):
    coming = sorted(jobs, key=lambda job: job["sent"])
    ready = []
    minute = 0
    printed = []
    while coming or ready:
        if not ready:
            minute = max(minute, coming[0]["sent"])
        while coming and coming[0]["sent"] <= minute:
            job = coming.pop(0)
            heapq.heappush(ready, (-job["priority"], job["sent"], job["name"], job["pages"]))
        _, _, name, pages = heapq.heappop(ready)
        minute += pages * minutes_per_page
        printed.append(f"{name} at {minute}")
    return printed


inputs = [
    {
        "jobs": [
            {"name": "map", "sent": 0, "priority": 1, "pages": 3},
            {"name": "menu", "sent": 1, "priority": 2, "pages": 1},
            {"name": "book", "sent": 1, "priority": 5, "pages": 6},
        ],
        "minutes_per_page": 2,
    },
    {
        "jobs": [
            {"name": "bill", "sent": 4, "priority": 3, "pages": 2},
            {"name": "poster", "sent": 20, "priority": 9, "pages": 1},
            {"name": "form", "sent": 5, "priority": 3, "pages": 4},
        ],
        "minutes_per_page": 3,
    },
    {
        "jobs": [
            {"name": "a", "sent": 2, "priority": 1, "pages": 5},
            {"name": "b", "sent": 3, "priority": 1, "pages": 2},
            {"name": "c", "sent": 6, "priority": 4, "pages": 1},
            {"name": "d", "sent": 0, "priority": 2, "pages": 1},
        ],
        "minutes_per_page": 1,
    },
]
