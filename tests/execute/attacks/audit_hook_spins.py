import sys
on=[0]
def h(e,a):
    if on[0]:
        while 1: pass
sys.addaudithook(h)
output=3
on[0]=1
