"""What the peers of Monte Carlo diffusion share: the sizes of the two trainings, the command line and the timing.

A peer is an object with `update(count)`, which makes that many updates of Adam and returns the last bound.

`mixture`: ULA-MCD from N(0, 9 I) to a mixture of eight normals in 20 dimensions. `vae`: a variational autoencoder 784-200-200-50 with tanh
and Bernoulli pixels, trained by UHA-MCD from q(z | x) to the posterior of each datum.
"""

import argparse
import json
import sys
import time

from workload import stop_not_installed

try:
    import numpy as np
except ModuleNotFoundError as error:
    stop_not_installed(error.name)

DIM, COMPONENTS, START_STD = 20, 8, 3.0
PIXELS, LATENT, HIDDEN, SUMMARY = 784, 50, (200, 200), 50
MAXIMUM, UNITS, CLIP = 0.25, 32, 10.0
RATES = {"mixture": 1e-3, "vae": 1e-3}


def centres(seed=0):
    """Means of the mixture, [8, 20]."""
    return 3 * np.random.default_rng(seed).standard_normal((COMPONENTS, DIM))


def pictures(batch, seed=1):
    """A minibatch of binary pixels, [batch, 784]."""
    return (np.random.default_rng(seed).random((batch, PIXELS)) < 0.3).astype(np.float32)


def level(step):
    """The number whose sigmoid gives a step size below the maximum."""
    return float(np.log(step / (MAXIMUM - step)))


def main(build, doc):
    parser = argparse.ArgumentParser(description=doc)
    parser.add_argument("--target", choices=["mixture", "vae"], default="mixture")
    parser.add_argument("--steps", type=int, default=64, help="transitions, K")
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--width", type=int, default=512, help="of the score network, whose blocks are twice as wide inside")
    parser.add_argument("--embedding", type=int, default=16)
    parser.add_argument("--network", choices=["loop", "once"], default="loop", help="where it is evaluated: in each transition, or on all after them")
    parser.add_argument("--iterations", type=int, default=3, help="updates that are timed, after one that warms up")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--turns", action="store_true", help="whenever a line comes in, time as many updates as it says")
    args = parser.parse_args()
    try:
        peer = build(args)
    except ModuleNotFoundError as error:
        stop_not_installed(error.name)
    if not args.turns:
        peer.update(1)
    for line in sys.stdin if args.turns else [args.iterations]:
        begun, worked = time.perf_counter(), time.process_time()
        bound = peer.update(int(line))
        seconds = (time.perf_counter() - begun) / int(line)
        cpu_seconds = (time.process_time() - worked) / int(line)
        report = {"peer": peer.name, "version": peer.version, "secondsPerUpdate": seconds}
        print(json.dumps({**report, "cpuSecondsPerUpdate": cpu_seconds, "bound": bound}), flush=True)
