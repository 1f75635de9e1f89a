import pickle, typing
from dataclasses import dataclass
@dataclass
class P:
    x: int
back = pickle.loads(pickle.dumps(P(3)))
output = [back.x, typing.get_type_hints(P)['x'].__name__]
