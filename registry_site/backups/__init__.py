"""One folder with everything: the database, the files, the keys that were made on first use.

The database is copied first, as of one moment; files are named by their content, never change
and are on the disk before the database knows them, so those of that moment can be copied after
it while people go on working. Removing what nobody refers to waits meanwhile, and it alone.
"""
