raise PermissionError(1, 'Operation not permitted')
