"""What is always true of automations, integrations, secrets and deliveries."""

from automations.models.automations import Automation
from automations.models.deliveries import Delivery, DeliveryAttempt, Happening, Note
from automations.models.integrations import Integration, Secret

__all__ = [
    "Automation",
    "Delivery",
    "DeliveryAttempt",
    "Happening",
    "Integration",
    "Note",
    "Secret",
]
