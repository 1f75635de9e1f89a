"""A heater that is switched by a thermostat with a tolerance.

The heater is off at first. Whenever the temperature is read, the thermostat switches the heater on if it is
more than the tolerance below the target, and off if it is more than the tolerance above it; otherwise nothing
changes. List the "states" after each reading, "on" or "off", and under "switched" the number of times the
heater was switched.
"""


class Thermostat:
    def __init__(self, target, tolerance):
        self.low = target - tolerance
        self.high = target + tolerance
        self.heating = False
        self.switched = 0

    def read(self, temperature):
        wanted = self.heating
        if temperature < self.low:
            wanted = True
        elif temperature > self.high:
            wanted = False
        if wanted is not self.heating:
            self.switched += 1
            self.heating = wanted
        return "on" if self.heating else "off"


def solution(temperatures, target, tolerance):
    thermostat = Thermostat(target, tolerance)
    states = [thermostat.read(temperature) for temperature in temperatures]
    return {"states": states, "switched": thermostat.switched}


inputs = [
    {"temperatures": [20, 18, 19, 22, 23], "target": 21, "tolerance": 1},
    {"temperatures": [15, 14, 17, 20, 13, 21], "target": 17, "tolerance": 2},
    {"temperatures": [66, 59, 52, 60, 71, 74], "target": 65, "tolerance": 8},
]
