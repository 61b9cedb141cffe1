"""What a model costs: parameters, tokens, multiply-adds in named conventions, time."""

from .conventions import CONVENTIONS, Convention
from .cost import Costs, ModelCost, RatioCost
from .costing import get_costs
from .latency import Latency, measure_latency
from .multiply_adds import MultiplyAdds, count_multiply_adds
from .report import costs_report
from .tokens_per_block import BlockTokens, tokens_per_block

__all__ = [
    'CONVENTIONS',
    'BlockTokens',
    'Convention',
    'Costs',
    'Latency',
    'ModelCost',
    'MultiplyAdds',
    'RatioCost',
    'costs_report',
    'count_multiply_adds',
    'get_costs',
    'measure_latency',
    'tokens_per_block',
]
