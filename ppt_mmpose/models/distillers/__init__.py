"""Distillers: a trained model teaches another."""

from .token_distiller import TokenDistiller

__all__ = ['TokenDistiller']
