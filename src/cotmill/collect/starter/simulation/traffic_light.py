"""What several cars see at a traffic light.

The light shows its phases one after the other, each for its number of seconds, and then begins again. It was
switched on, with its first phase, at the given second. For each car tell the phase that shows when it
arrives, and the seconds until the light changes, as "green 7". No car arrives before the light is switched
on.
"""


def solution(phases, switched_on, arrivals):
    cycle = sum(seconds for _, seconds in phases)
    seen = []
    for arrival in arrivals:
        moment = (arrival - switched_on) % cycle
        for phase, seconds in phases:
            if moment < seconds:
                seen.append(f"{phase} {seconds - moment}")
                break
            moment -= seconds
    return seen


inputs = [
    {"phases": [["green", 30], ["amber", 4], ["red", 25]], "switched_on": 10, "arrivals": [12, 41, 75]},
    {"phases": [["walk", 15], ["wait", 45]], "switched_on": 100, "arrivals": [100, 130, 163, 219]},
    {"phases": [["red", 20], ["amber", 3], ["green", 18], ["flash", 5]], "switched_on": 0, "arrivals": [44, 21]},
]
