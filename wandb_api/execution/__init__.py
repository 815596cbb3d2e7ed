"""Executes validated documents as graphql-core does, from a plan that is made once for each.

graphql-core walks a document anew for every request: it collects fields, looks their
definitions up, reads arguments, builds paths. All of that is the same each time, and it took
more than the database did. Here it happens once; a request only calls resolvers and completes
what they return. The schema stays graphql-core's, and so do parsing, validation, the coercion
of unusual values and the text of every error. `tests/wandb_api/execution/` holds both beside
each other.
"""
