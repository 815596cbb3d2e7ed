"""What things are called on either server."""

ORGANIZATION, TEAM, REGISTRY, ALIAS = "zoo", "keepers", "Model", "candidate"
