"""What works in this environment, and the command that mends what does not.

``python -m ppt_mmpose.doctor`` runs also where importing ``ppt_mmpose`` fails. Nothing
here imports a host library before the moment it is examined.
"""
