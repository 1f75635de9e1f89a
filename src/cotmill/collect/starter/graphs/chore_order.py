"""An order of chores in which everything needed is done first.

Each chore lists the chores that must be done before it. Of the chores that can be done at a time, the one
that comes first in the alphabet is taken. Give the order. If some chores wait for each other for ever, give
the text "stuck: " and those that remain, in alphabetical order, joined by ", ". The chores already done at
the start need not be done again.
"""


def solution(needs, already_done):
    done = set(already_done)
    waiting = set(needs) - done
    order = []
    while waiting:
        ready = [chore for chore in sorted(waiting) if done.issuperset(needs[chore])]
        if not ready:
            return "stuck: " + ", ".join(sorted(waiting))
        chore = ready[0]
        order.append(chore)
        done.add(chore)
        waiting.remove(chore)
    return order


inputs = [
    {"needs": {"bake": ["mix"], "mix": ["shop"], "shop": [], "serve": ["bake"]}, "already_done": ["shop"]},
    {"needs": {"paint": ["sand"], "sand": ["paint"], "sweep": []}, "already_done": []},
    {
        "needs": {"roof": ["walls"], "walls": ["floor"], "floor": [], "garden": [], "door": ["walls"]},
        "already_done": [],
    },
]
