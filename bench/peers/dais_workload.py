"""What the peers of DAIS share: the two targets, the start of a training, the command line and the timing.

A peer is an object with `update(count)`, which makes that many updates of Adam and returns the last bound. Its bound is log-mean-exp
over particles, averaged over the batch, of the weights of chains as `Target` leads them.
"""

import argparse
import json
import math
import sys
import time
from dataclasses import dataclass

from workload import stop_not_installed

try:
    import numpy as np
except ModuleNotFoundError as error:
    stop_not_installed(error.name)

LEARNING_RATE, CLIP, ETA_START = 1e-2, 10.0, 0.95


@dataclass
class Target:
    """log f(z) = constant - |(z - mean) root|^2 / 2 - sum softplus(z design), whichever of the two there is."""

    dim: int
    constant: float
    mean: np.ndarray = None  # [d]
    root: np.ndarray = None  # [d, d]
    design: np.ndarray = None  # [d, rows], with the sign of the label


def gaussian_process(dim, length_scale=0.3, noise=0.25, jitter=1e-5):
    """The posterior of function values at equally spaced sites."""
    sites = np.linspace(0, 10, dim)
    y = np.sin(sites) + 0.25 * np.cos(7 * sites)
    gram = np.exp(-((sites[:, None] - sites) ** 2) / (2 * length_scale**2)) + jitter * np.eye(dim)
    solved = np.linalg.solve(gram + noise**2 * np.eye(dim), np.column_stack([y[:, None], gram]))
    covariance = noise**2 * (solved[:, 1:] + solved[:, 1:].T) / 2
    lower = np.linalg.cholesky(covariance)
    constant = -0.5 * dim * math.log(2 * math.pi) - np.log(np.diag(lower)).sum()
    return Target(dim, float(constant), gram @ solved[:, 0], np.linalg.inv(lower).T)


def logistic(dim, rows=208, seed=1):
    """Bayesian logistic regression on random features, an intercept first, with a standard normal prior."""
    generator = np.random.default_rng(seed)
    x = np.column_stack([np.ones(rows), generator.standard_normal((rows, dim - 1))])
    labels = generator.random(rows) < 1 / (1 + np.exp(-(x @ generator.standard_normal(dim))))
    return Target(
        dim,
        -0.5 * dim * math.log(2 * math.pi),
        np.zeros(dim),
        np.eye(dim),
        (np.where(labels, -1, 1)[:, None] * x).T,
    )


TARGETS = {"process": gaussian_process, "logistic": logistic}


def start(dim, steps):
    """Parameters that a training starts from: mean and log variance of q0, schedule, log steps, log mass, refreshment."""
    return {
        "mean": np.zeros(dim),
        "log_variance": np.zeros(dim),
        "schedule": np.ones(steps),
        "log_step": np.full(steps, -5.0),
        "log_mass": np.zeros(1),
        "refreshment": np.full(1, ETA_START),
    }


def main(build, doc):
    parser = argparse.ArgumentParser(description=doc)
    parser.add_argument("--target", choices=list(TARGETS), default="process")
    parser.add_argument("--dim", type=int, default=50)
    parser.add_argument("--steps", type=int, default=16, help="transitions, K")
    parser.add_argument("--particles", type=int, default=16, help="N")
    parser.add_argument("--batch", type=int, default=16, help="B")
    parser.add_argument("--iterations", type=int, default=20, help="updates that are timed, after two that warm up")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--turns", action="store_true", help="whenever a line comes in, time as many updates as it says")
    args = parser.parse_args()
    try:
        peer = build(args, TARGETS[args.target](args.dim))
    except ModuleNotFoundError as error:
        stop_not_installed(error.name)
    if not args.turns:
        peer.update(2)
    for line in sys.stdin if args.turns else [args.iterations]:
        begun = time.perf_counter()
        bound = peer.update(int(line))
        seconds = (time.perf_counter() - begun) / int(line)
        report = {"peer": peer.name, "version": peer.version, "secondsPerUpdate": seconds, "bound": bound}
        print(json.dumps(report), flush=True)
