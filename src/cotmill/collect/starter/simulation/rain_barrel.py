"""Water in a rain barrel over several days.

Every day first the rain of the day flows in, then what does not fit into the barrel runs over, and then the
garden takes its daily amount, or all that is there. Give as "spilled" the litres that ran over in all, as
"short" the litres that the garden lacked in all, and as "contents" the content at the end of each day.
"""

from dataclasses import dataclass


@dataclass
class Barrel:
    capacity: int
    content: int
    spilled: int = 0
    short: int = 0

    def fill(self, litres):
        self.content += litres
        if self.content > self.capacity:
            self.spilled += self.content - self.capacity
            self.content = self.capacity

    def draw(self, litres):
        drawn = min(litres, self.content)
        self.content -= drawn
        self.short += litres - drawn


def solution(capacity, content, rain, daily_need):
    barrel = Barrel(capacity, content)
    contents = []
    for litres in rain:
        barrel.fill(litres)
        barrel.draw(daily_need)
        contents.append(barrel.content)
    return {"spilled": barrel.spilled, "short": barrel.short, "contents": contents}


inputs = [
    {"capacity": 200, "content": 150, "rain": [80, 0, 0, 20], "daily_need": 70},
    {"capacity": 120, "content": 40, "rain": [0, 110, 95], "daily_need": 55},
    {"capacity": 90, "content": 10, "rain": [5, 60, 45, 0, 30], "daily_need": 25},
]
