"""What the peers share: the models, the data, the command line, the timing and the self check.

A peer is an object with

    name, version
    start()                            -> state: z drawn from the prior and evaluated once
    anneal(state, betas, leapfrog)     -> (state, log_weights, acceptance), all work finished;
                                          it may reuse the memory of the state it is given
    value_and_gradient(z)              -> (log p(x|z) per row, its gradient in z), as NumPy arrays
    energy_change(z, step, leapfrog)   -> H(end) - H(start) per row of one trajectory at beta = 1

Rows are chain-major: row k * B + b is chain k of data point b.
"""

import argparse
import json
import sys
import time
from dataclasses import dataclass

NOT_INSTALLED = 3


def stop_not_installed(name):
    print(f"{name} is not installed for this Python", file=sys.stderr)
    sys.exit(NOT_INSTALLED)


try:
    import numpy as np
except ModuleNotFoundError as error:
    stop_not_installed(error.name)

WARM_UP_TRANSITIONS = 2

DEFAULTS = {
    "decoder": {"chains": 12, "data": 128, "leapfrog": 3, "transitions": 3},
    "linear": {"chains": 16, "data": 100, "leapfrog": 10, "transitions": 50},
}


@dataclass
class Workload:
    """z -> layers -> x. Hidden layers are tanh; the decoder's output is a sigmoid."""

    model: str
    weights: list  # float32 [out, in], first layer first
    biases: list  # float32 [out]
    variance: float
    x: np.ndarray  # float32 [B, D], drawn from the model
    chains: int
    step: float
    seed: int

    @property
    def sigmoid_output(self):
        return self.model == "decoder"

    @property
    def latent(self):
        return self.weights[0].shape[1]

    @property
    def rows(self):
        return self.chains * self.x.shape[0]

    @property
    def log_normalizer(self):
        return 0.5 * self.x.shape[1] * float(np.log(2 * np.pi * self.variance))

    def mean(self, z):
        """E[x|z] in float64: what the peers' own forward passes are checked against."""
        h = np.asarray(z, np.float64)
        for i, (w, b) in enumerate(zip(self.weights, self.biases)):
            h = h @ w.T.astype(np.float64) + b
            if i + 1 < len(self.weights):
                h = np.tanh(h)
        return 1 / (1 + np.exp(-h)) if self.sigmoid_output else h

    def log_likelihood(self, z):
        x = np.tile(self.x.astype(np.float64), (self.chains, 1))
        return -0.5 * np.square(x - self.mean(z)).sum(1) / self.variance - self.log_normalizer


def make_workload(model, chains, data, step, seed):
    rng = np.random.default_rng(seed)
    if model == "decoder":
        widths, variance = [100, 1024, 1024, 1024, 784], 0.03
        scales = [1 / np.sqrt(fan_in) for fan_in in widths[:-1]]
    else:
        widths, variance = [10, 100], 1.0
        scales = [1.0]
    weights = [
        (scale * rng.standard_normal((n_out, n_in))).astype(np.float32)
        for n_in, n_out, scale in zip(widths, widths[1:], scales)
    ]
    biases = [np.zeros(n_out, np.float32) for n_out in widths[1:]]
    workload = Workload(model, weights, biases, variance, np.empty((0, widths[-1])), chains, step, seed)
    mean = workload.mean(rng.standard_normal((data, widths[0])))
    noise = np.sqrt(variance) * rng.standard_normal(mean.shape)
    workload.x = (mean + noise).astype(np.float32)
    return workload


def schedule(transitions):
    """Inverse temperatures 0 = beta_0 < ... < beta_T = 1, closer together near the prior."""
    return np.linspace(0.0, 1.0, transitions + 1) ** 3


def measure(peer, workload, leapfrog, transitions, threads, repeats):
    betas = schedule(transitions)
    for _ in range(-(-WARM_UP_TRANSITIONS // transitions)):
        peer.anneal(peer.start(), betas, leapfrog)

    seconds = np.inf
    for _ in range(repeats):
        state = peer.start()
        begun = time.perf_counter()
        _, _, acceptance = peer.anneal(state, betas, leapfrog)
        seconds = min(seconds, time.perf_counter() - begun)

    return {
        "peer": peer.name,
        "version": peer.version,
        "model": workload.model,
        "rows": workload.rows,
        "leapfrog": leapfrog,
        "transitions": transitions,
        "seconds": seconds,
        "gradientSeconds": seconds / (transitions * leapfrog),
        "threads": threads,
        "acceptance": float(np.mean(acceptance)),
    }


def log_marginal(workload):
    """log p(x) of the linear model: x ~ N(b, W W' + variance I)."""
    w = workload.weights[0].astype(np.float64)
    covariance = w @ w.T + workload.variance * np.eye(len(w))
    centred = workload.x.astype(np.float64) - workload.biases[0]
    quadratic = (centred * np.linalg.solve(covariance, centred.T).T).sum(1)
    return -0.5 * (quadratic + np.linalg.slogdet(2 * np.pi * covariance)[1])


def log_mean_exp(a):
    top = a.max(0)
    return top + np.log(np.exp(a - top).mean(0))


def gradient_errors(peer, workload):
    """Relative errors of the peer's value and gradient against a float64 finite difference."""
    rng = np.random.default_rng(1)
    z = rng.standard_normal((workload.rows, workload.latent)).astype(np.float32)
    value, gradient = peer.value_and_gradient(z)
    exact = workload.log_likelihood(z)
    direction = rng.standard_normal(z.shape)
    h = 1e-5
    slope = workload.log_likelihood(z + h * direction) - workload.log_likelihood(z - h * direction)
    slope /= 2 * h
    ours = (gradient.astype(np.float64) * direction).sum(1)
    return (
        float(np.max(np.abs(value - exact)) / np.max(np.abs(exact))),
        float(np.max(np.abs(ours - slope)) / np.max(np.abs(slope))),
    )


def check(build, seed, threads):
    decoder = make_workload("decoder", chains=2, data=3, step=0.05, seed=seed)
    decoder_value, decoder_gradient = gradient_errors(build(decoder, threads), decoder)

    linear = make_workload("linear", chains=512, data=4, step=0.05, seed=seed)
    peer = build(linear, threads)
    linear_value, linear_gradient = gradient_errors(peer, linear)
    state, log_weights, acceptance = peer.anneal(peer.start(), schedule(2000), leapfrog=10)
    estimate = log_mean_exp(log_weights.reshape(linear.chains, -1))
    gap = estimate - log_marginal(linear)

    # Leapfrog is second order: over the same time, half the step makes a quarter of the error.
    z = np.asarray(state[0])
    coarse = np.abs(peer.energy_change(z, 0.05, 10)).mean()
    fine = np.abs(peer.energy_change(z, 0.025, 20)).mean()

    passed = {
        "values": max(decoder_value, linear_value) < 1e-5,
        "gradients": max(decoder_gradient, linear_gradient) < 1e-4,
        "estimate": log_weights.dtype == np.float64 and abs(gap.mean()) < 0.1 and np.abs(gap).max() < 0.2,
        "energy": 3 < coarse / fine < 5,
    }
    passed = {name: bool(value) for name, value in passed.items()}
    return all(passed.values()), {
        "peer": peer.name,
        "version": peer.version,
        "ok": all(passed.values()),
        "passed": passed,
        "valueErrors": [decoder_value, linear_value],
        "gradientErrors": [decoder_gradient, linear_gradient],
        "estimateGapNats": gap.tolist(),
        "acceptance": float(np.mean(acceptance)),
        "energyErrors": [float(coarse), float(fine)],
    }


def main(build, description):
    """build(workload, threads) -> peer; it imports its library, so that threads can come first."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--model", choices=sorted(DEFAULTS), default="decoder")
    parser.add_argument("--chains", type=int)
    parser.add_argument("--data", type=int)
    parser.add_argument("--leapfrog", type=int)
    parser.add_argument("--transitions", type=int)
    parser.add_argument("--step", type=float, default=0.05)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--repeats", type=int, default=1, help="time the loop so often; the fastest counts")
    parser.add_argument("--check", action="store_true", help="check the sampler instead of timing it")
    args = parser.parse_args()
    for name, value in DEFAULTS[args.model].items():
        if getattr(args, name) is None:
            setattr(args, name, value)
        if getattr(args, name) < 1:
            parser.error(f"--{name} must be at least 1")
    for name in ("threads", "repeats"):
        if getattr(args, name) < 1:
            parser.error(f"--{name} must be at least 1")

    try:
        if args.check:
            ok, report = check(build, args.seed, args.threads)
        else:
            workload = make_workload(args.model, args.chains, args.data, args.step, args.seed)
            peer = build(workload, args.threads)
            report = measure(peer, workload, args.leapfrog, args.transitions, args.threads, args.repeats)
            ok = True
    except ModuleNotFoundError as error:
        stop_not_installed(error.name)
    print(json.dumps(report))
    sys.exit(0 if ok else 1)
