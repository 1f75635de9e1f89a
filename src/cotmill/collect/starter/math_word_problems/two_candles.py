"""Time until a tall, fast candle is no longer than a short, slow one.

Two candles are lit together. Each loses a fixed number of millimetres per hour and stops at zero. The first
candle is the longer one and burns faster. Give the number of full "hours" after which the first candle is no
longer than the second for the first time, and the lengths of the "first" and the "second" candle then.
"""


def burn(height, rate):
    """Height after one more hour."""
    return max(0, height - rate)


def solution(first_height, first_rate, second_height, second_rate):
    hours = 0
    first, second = first_height, second_height
    while first > second:
        first = burn(first, first_rate)
        second = burn(second, second_rate)
        hours += 1
    return {"hours": hours, "first": first, "second": second}


inputs = [
    {"first_height": 200, "first_rate": 25, "second_height": 120, "second_rate": 10},
    {"first_height": 180, "first_rate": 40, "second_height": 150, "second_rate": 35},
    {"first_height": 240, "first_rate": 18, "second_height": 160, "second_rate": 5},
]
