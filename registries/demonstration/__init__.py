"""The demonstration a first start comes with: real data, made by the same operations as all."""
