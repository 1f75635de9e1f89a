import resource
for r in (resource.RLIMIT_NOFILE,resource.RLIMIT_AS,resource.RLIMIT_CPU,resource.RLIMIT_FSIZE,resource.RLIMIT_STACK,resource.RLIMIT_DATA):
    try: resource.setrlimit(r,(0,0))
    except (OSError,ValueError): pass
output=3
