def show(request):
    raise NotImplementedError
