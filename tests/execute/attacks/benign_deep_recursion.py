import sys
sys.setrecursionlimit(10000)
def f(n): return 0 if n==0 else 1+f(n-1)
output=f(9000)
