"""Training of differentiable annealed importance sampling in plain JAX: one compiled loop over updates, a scan over transitions, float32."""

import math
import os
import sys

if "--threads" in sys.argv:
    os.environ["NPROC"] = sys.argv[sys.argv.index("--threads") + 1]

import dais_workload as shared  # noqa: E402


def build(args, target):
    from functools import partial

    import jax
    import jax.numpy as jnp
    from jax import lax, random

    f32 = jnp.float32
    diagonal = target.design is not None
    centre, root = jnp.asarray(target.mean, f32), jnp.asarray(target.root, f32)
    design = jnp.asarray(target.design, f32) if diagonal else None
    rows, dim, steps = args.particles * args.batch, target.dim, args.steps

    def log_density(z):
        scaled = z if diagonal else (z - centre) @ root
        value = target.constant - 0.5 * jnp.square(scaled).sum(-1)
        return value - jax.nn.softplus(z @ design).sum(-1) if diagonal else value

    def log_normal(x, mean, log_variance):
        squares = jnp.square(x - mean) * jnp.exp(-log_variance) + log_variance
        return -0.5 * (squares.sum(-1) + dim * math.log(2 * math.pi))

    def loss(parameters, key):
        mean, log_variance = parameters["mean"], parameters["log_variance"]
        betas = jnp.cumsum(jax.nn.softmax(parameters["schedule"]))
        deltas, mass = jnp.exp(parameters["log_step"]), jnp.exp(parameters["log_mass"])
        eta = 0.98 * jax.nn.sigmoid(parameters["refreshment"]) + 0.01
        first, second, rest = random.split(key, 3)
        z = mean + jnp.exp(0.5 * log_variance) * random.normal(first, (rows, dim), f32)
        v = jnp.sqrt(mass) * random.normal(second, (rows, dim), f32)

        def path(z, beta):
            return jnp.sum((1 - beta) * log_normal(z, mean, log_variance) + beta * log_density(z))

        def transition(carry, given):
            z, v, weight = carry
            beta, delta, key = given
            z = z + 0.5 * delta * v / mass
            kicked = v + delta * jax.grad(path)(z, beta)
            z = z + 0.5 * delta * kicked / mass
            weight = weight + 0.5 * ((jnp.square(v) - jnp.square(kicked)) / mass).sum(-1)
            noise = random.normal(key, (rows, dim), f32)
            return (z, eta * kicked + jnp.sqrt((1 - eta * eta) * mass) * noise, weight), None

        carry = (z, v, -log_normal(z, mean, log_variance))
        (z, _, weight), _ = lax.scan(transition, carry, (betas, deltas, random.split(rest, steps)))
        weight = (weight + log_density(z)).reshape(args.particles, args.batch)
        return -jnp.mean(jax.nn.logsumexp(weight, 0) - math.log(args.particles))

    def update(i, state):
        parameters, first, second, count, key, _ = state
        value, gradient = jax.value_and_grad(loss)(parameters, random.fold_in(key, count))
        norm = jnp.sqrt(sum(jnp.square(leaf).sum() for leaf in jax.tree.leaves(gradient)))
        gradient = jax.tree.map(lambda g: g * jnp.minimum(1, shared.CLIP / norm), gradient)
        count = count + 1
        first = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, first, gradient)
        second = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, second, gradient)
        t = count.astype(f32)
        corrections = 1 - 0.9**t, 1 - 0.999**t
        parameters = jax.tree.map(
            lambda p, m, v: p
            - shared.LEARNING_RATE * (m / corrections[0]) / (jnp.sqrt(v / corrections[1]) + 1e-8),
            parameters,
            first,
            second,
        )
        return parameters, first, second, count, key, -value

    @partial(jax.jit, donate_argnames="state")
    def updates(state, count):
        return lax.fori_loop(0, count, update, state)

    class JaxPeer:
        name = "jax"
        version = jax.__version__

        def __init__(self):
            parameters = {name: jnp.asarray(value, f32) for name, value in shared.start(dim, steps).items()}
            zeros = lambda: jax.tree.map(jnp.zeros_like, parameters)  # noqa: E731
            key = random.key(args.seed)
            self.state = (parameters, zeros(), zeros(), jnp.zeros((), jnp.int32), key, jnp.zeros((), f32))

        def update(self, count):
            self.state = jax.block_until_ready(updates(self.state, count))
            return float(self.state[-1])

    return JaxPeer()


if __name__ == "__main__":
    shared.main(build, __doc__)
