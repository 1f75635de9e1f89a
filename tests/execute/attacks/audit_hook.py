import sys
def h(e,a): raise RuntimeError("x")
sys.addaudithook(h)
output=3
