"""The commands of ``tessera``: a module each, or a folder for one that needs several."""
