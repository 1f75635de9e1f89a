import ctypes
CB=ctypes.CFUNCTYPE(ctypes.c_int,ctypes.c_void_p)
def f(p): raise ValueError("late")
cb=CB(f)
for i in range(30): ctypes.pythonapi.Py_AddPendingCall(cb,None)
output=3
