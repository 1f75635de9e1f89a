import sys
sys.setrecursionlimit(sys.getrecursionlimit() and 25)
output = [[[[3]]]]
