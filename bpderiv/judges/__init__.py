"""The judges. They share the tree and the definitions, and nothing else."""
