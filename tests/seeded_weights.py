"""Weights and images that depend on a seed only, the same on every machine.

Uniform numbers of NumPy's frozen legacy stream need no transcendental function, so
they are equal to the last bit everywhere.
"""

import hashlib

import numpy as np
import torch


def uniform(rng, shape, std):
    """Uniform numbers of a standard deviation, as a float32 tensor."""
    values = (rng.random_sample(tuple(shape)) - 0.5) * (12**0.5 * std)
    return torch.from_numpy(values.astype(np.float32))


def fill(model, seed=0):
    """Fill every weight and buffer of the state dict; return their SHA-256."""
    rng = np.random.RandomState(seed)
    sha = hashlib.sha256()
    state = {}
    for key, value in sorted(model.state_dict().items()):
        shape = value.shape
        if key.endswith('num_batches_tracked'):
            new = torch.zeros_like(value)
        elif key.endswith('running_var'):
            new = 1 + uniform(rng, shape, 0.2)
        elif value.ndim >= 2 and key.endswith('weight'):
            # Residual sums of HRNet would grow without a gain below 1.
            gain = 0.5 if '.stage' in key else 1
            new = uniform(rng, shape, gain / np.sqrt(np.prod(shape[1:])))
        elif key.endswith('weight'):
            new = 1 + uniform(rng, shape, 0.1)
        elif value.ndim >= 2:
            new = uniform(rng, shape, 0.5)
        else:
            new = uniform(rng, shape, 0.1)
        state[key] = new
        sha.update(new.numpy().tobytes())
    model.load_state_dict(state)
    return sha.hexdigest()


def image(height, width, seed=0, batch=1):
    """A normalised image ``(batch, 3, height, width)`` with structure to look at.

    A bright ellipse on a gradient with noise: attention that sees noise alone would
    make pruning depend on nothing.
    """
    rng = np.random.RandomState(seed)
    y, x = np.mgrid[0:height, 0:width].astype(np.float64)
    y, x = y / height - 0.55, x / width - 0.45
    inside = (y / 0.35) ** 2 + (x / 0.2) ** 2 < 1
    base = torch.from_numpy((2.0 * inside + y - x).astype(np.float32))
    return base + uniform(rng, (batch, 3, height, width), 0.5)


def joint_sequence(frames, joints, channels, seed=0):
    """Normalised joints ``(1, T, J, channels)`` that wander: x, y and scores.

    In even motion, frames would be as near to the one before as to the one after, and
    rounding would tell which is kept.
    """
    rng = np.random.RandomState(seed)
    pose, steps = rng.random_sample((1, joints, 2)), rng.random_sample((frames, 1, 2))
    shakes = rng.random_sample((frames, joints, 2))
    places = pose - 0.5 + 0.1 * (steps - 0.5).cumsum(axis=0) + 0.1 * (shakes - 0.5)
    scores = 0.5 + 0.5 * rng.random_sample((frames, joints, channels - 2))
    sequence = np.concatenate((places, scores), axis=2)[None]
    return torch.from_numpy(sequence.astype(np.float32))
