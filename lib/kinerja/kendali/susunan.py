def framework(buku, sasaran):
    return None
