from tests.faults.conftest import furnished, place

__all__ = ["furnished", "place"]
