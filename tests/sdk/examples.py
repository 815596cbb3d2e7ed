"""What users of such a registry type first, byte for byte, and the files it takes."""

FIRST = """
import wandb

run = wandb.init(entity = "smle-reg-team-2", project = "zoo_experiment")

artifact = wandb.Artifact(name = "zoo_dataset", type = "dataset")

artifact.add_file(local_path="zoo_dataset.pt", name="zoo_dataset")
artifact.add_file(local_path="zoo_labels.pt", name="zoo_labels")

REGISTRY_NAME = "Model"
COLLECTION_NAME = "Zoo_Classifier_Models"
target_path=f"wandb-registry-{REGISTRY_NAME}/{COLLECTION_NAME}"

run.link_artifact(
    artifact = artifact,
    target_path = target_path,
    aliases = ["production-us", "production-eu"]
    )
"""

SECOND = """
import wandb

run = wandb.init(entity = "smle-reg-team-2", project = "another_experiment")

artifact = wandb.Artifact(name = "weights", type = "model")

artifact.add_file(local_path = "zoo_labels.pt")

REGISTRY_NAME = "Model"
COLLECTION_NAME = "Weights"
target_path=f"wandb-registry-{REGISTRY_NAME}/{COLLECTION_NAME}"

run.link_artifact(
    artifact = artifact,
    target_path = target_path,
    aliases = ["candidate", "best"]
    )
"""

BYTES = {"zoo_dataset.pt": b"\x00features\xff" * 1000, "zoo_labels.pt": b"\x01labels\xfe" * 10}
