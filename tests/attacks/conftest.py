from tests.wandb_api.conftest import ask

__all__ = ["ask"]
