from multiprocessing import shared_memory
s=shared_memory.SharedMemory(create=True,size=1<<20,name="canary-x")
