"""Waiting times at the only checkout of a shop.

Customers come to the checkout at the given minutes, in this order, and need the given number of minutes each.
The cashier serves one after the other. Whenever nobody is there to be served, also at minute 0, the cashier
at once takes one pause of the given length, and a customer who comes during the pause must wait until it
ends. List the minutes that each customer waits before being served.
"""


def solution(arrivals, service_minutes, pause):
    free_at = 0
    waits = []
    for arrival, service in zip(arrivals, service_minutes):
        if arrival > free_at:
            free_at = max(arrival, free_at + pause)
        start = free_at
        waits.append(start - arrival)
        free_at = start + service
    return waits


inputs = [
    {"arrivals": [2, 3, 9, 14], "service_minutes": [4, 5, 2, 3], "pause": 3},
    {"arrivals": [1, 2, 3], "service_minutes": [6, 3, 4], "pause": 4},
    {"arrivals": [5, 12, 13, 30, 31], "service_minutes": [6, 2, 8, 1, 5], "pause": 8},
]
