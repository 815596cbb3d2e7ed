"""What pages read, one module a page. Nothing here writes; each list costs a fixed number of
queries, whatever its length."""
