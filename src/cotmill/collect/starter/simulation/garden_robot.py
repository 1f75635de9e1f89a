"""Where a garden robot stands after its commands.

A robot starts in the lower left corner of a rectangular garden, at [0, 0], and looks north. F moves it one
field ahead unless that would leave the garden, L and R turn it left and right by a quarter. Every move costs
the move energy and every turn the turn energy; a move that is blocked costs nothing. Give the "field", the
"direction" ("north", "east", "south" or "west") and the "energy" used.
"""


class Robot:
    DIRECTIONS = (("north", 0, 1), ("east", 1, 0), ("south", 0, -1), ("west", -1, 0))

    def __init__(self, width, height):
        self.width = width
        self.height = height
        self.x = self.y = self.heading = 0

    def turn(self, quarters):
        self.heading = (self.heading + quarters) % len(self.DIRECTIONS)

    def move(self):
        """Go one field ahead; tells whether that was possible."""
        _, x_step, y_step = self.DIRECTIONS[self.heading]
        x, y = self.x + x_step, self.y + y_step
        if not (0 <= x < self.width and 0 <= y < self.height):
            return False
        self.x, self.y = x, y
        return True


def solution(width, height, commands, move_energy, turn_energy):
    robot = Robot(width, height)
    energy = 0
    for command in commands:
        if command == "F":
            energy += move_energy if robot.move() else 0
        else:
            robot.turn(1 if command == "R" else -1)
            energy += turn_energy
    direction, _, _ = robot.DIRECTIONS[robot.heading]
    return {"field": [robot.x, robot.y], "direction": direction, "energy": energy}


inputs = [
    {"width": 5, "height": 3, "commands": "FFRFFFFFL", "move_energy": 5, "turn_energy": 2},
    {"width": 2, "height": 3, "commands": "FRFFLFFLLF", "move_energy": 3, "turn_energy": 7},
    {"width": 6, "height": 2, "commands": "RFFFFFFLFFL", "move_energy": 10, "turn_energy": 8},
]
