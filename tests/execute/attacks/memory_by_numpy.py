import numpy as np
a=[]
while 1: a.append(np.ones(1<<22))
