import sys
d=sys.__dict__
d.clear()
output=3
