"""Minute in which a faster runner catches a slower one who started earlier.

The slower runner gets a head start of some minutes. Both run at a steady speed in metres per minute. Give the
number of full minutes that the faster runner has run when she is level or ahead for the first time, and the
lead in metres that she then has.
"""


def solution(slow_speed, fast_speed, head_start_minutes):
    slow_position = slow_speed * head_start_minutes
    fast_position = 0
    minutes = 0
    while True:
        minutes += 1
        slow_position += slow_speed
        fast_position += fast_speed
        if fast_position >= slow_position:
            break
    return [minutes, fast_position - slow_position]


inputs = [
    {"slow_speed": 150, "fast_speed": 210, "head_start_minutes": 4},
    {"slow_speed": 120, "fast_speed": 200, "head_start_minutes": 3},
    {"slow_speed": 180, "fast_speed": 195, "head_start_minutes": 1},
    {"slow_speed": 100, "fast_speed": 145, "head_start_minutes": 5},
]
