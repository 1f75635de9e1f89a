import sys
def h(*a):
    while 1: pass
sys.excepthook=h
1/0
