"""Annealed importance sampling with HMC transitions in plain JAX: the whole loop jitted, float32."""

import os
from functools import partial

import workload as shared


def build(workload, threads):
    # Both are read when JAX starts: the size of XLA's thread pool, and the CPU as the device.
    os.environ["NPROC"] = str(threads)
    os.environ["JAX_PLATFORMS"] = "cpu"
    import jax
    import jax.numpy as jnp
    import numpy as np
    from jax import lax, random

    jax.config.update("jax_enable_x64", True)  # for the log-weights; the sampler itself is float32
    params = jax.device_put((workload.weights, workload.biases, workload.x))
    rows, latent, chains = workload.rows, workload.latent, workload.chains
    f32 = jnp.float32

    def log_likelihood(z, params):
        weights, biases, x = params
        h = z
        for w, b in zip(weights[:-1], biases[:-1]):
            h = jnp.tanh(h @ w.T + b)
        mean = h @ weights[-1].T + biases[-1]
        if workload.sigmoid_output:
            mean = jax.nn.sigmoid(mean)
        # x [B, D] broadcasts over the chains.
        residual = mean.reshape(chains, *x.shape) - x
        squares = jnp.square(residual).sum(-1).reshape(-1)
        return squares * (-0.5 / workload.variance) - workload.log_normalizer

    def value_and_gradient(z, params):
        def total(z):
            value = log_likelihood(z, params)
            return value.sum(), value

        (_, value), gradient = jax.value_and_grad(total, has_aux=True)(z)
        return value, gradient

    def half_square(a):
        return 0.5 * jnp.square(a).sum(-1)

    def trajectory(z, momentum, value, gradient, beta, step, leapfrog, params):
        """Leapfrog on U(z) = |z|^2 / 2 - beta log p(x|z), with `leapfrog` evaluations."""
        step = step[:, None]

        def body(i, carry):
            z, p, _, gradient = carry
            z = z + step * p
            value, gradient = value_and_gradient(z, params)
            kick = jnp.where(i + 1 < leapfrog, step, 0.5 * step)
            return z, p - kick * (z - beta * gradient), value, gradient

        p = momentum - 0.5 * step * (z - beta * gradient)
        return lax.fori_loop(0, leapfrog, body, (z, p, value, gradient))

    def transition(key, z, value, gradient, beta, step, leapfrog, params):
        momentum_key, accept_key = random.split(key)
        momentum = random.normal(momentum_key, z.shape, f32)
        new_z, new_p, new_value, new_gradient = trajectory(
            z, momentum, value, gradient, beta, step, leapfrog, params
        )
        before = half_square(z) - beta * value + half_square(momentum)
        after = half_square(new_z) - beta * new_value + half_square(new_p)
        accept = jnp.log(random.uniform(accept_key, value.shape, f32)) < before - after
        column = accept[:, None]
        return (
            jnp.where(column, new_z, z),
            jnp.where(accept, new_value, value),
            jnp.where(column, new_gradient, gradient),
            accept,
        )

    @partial(jax.jit, static_argnames="leapfrog", donate_argnames="state")
    def anneal(key, state, betas, step, params, leapfrog):
        def body(carry, temperature):
            z, value, gradient, log_weights, accepted = carry
            key, previous, beta = temperature
            log_weights += (beta - previous) * value.astype(jnp.float64)
            z, value, gradient, accept = transition(
                key, z, value, gradient, beta.astype(f32), step, leapfrog, params
            )
            return (z, value, gradient, log_weights, accepted + accept), None

        keys = random.split(key, len(betas) - 1)
        carry = (*state, jnp.zeros(rows, jnp.float64), jnp.zeros(rows, f32))
        carry, _ = lax.scan(body, carry, (keys, betas[:-1], betas[1:]))
        z, value, gradient, log_weights, accepted = carry
        return (z, value, gradient), log_weights, accepted / len(keys)

    evaluate = jax.jit(value_and_gradient)

    @partial(jax.jit, static_argnames="leapfrog")
    def energy_change(z, momentum, step, params, leapfrog):
        value, gradient = value_and_gradient(z, params)
        before = half_square(z) - value + half_square(momentum)
        z, p, value, _ = trajectory(z, momentum, value, gradient, f32(1), step, leapfrog, params)
        return half_square(z) - value + half_square(p) - before

    class JaxPeer:
        name = "jax"
        version = jax.__version__

        def __init__(self):
            self.key = random.key(workload.seed)

        def next_key(self):
            self.key, key = random.split(self.key)
            return key

        def start(self):
            z = random.normal(self.next_key(), (rows, latent), f32)
            return jax.block_until_ready((z, *evaluate(z, params)))

        def anneal(self, state, betas, leapfrog):
            step = jnp.full(rows, workload.step, f32)
            result = anneal(self.next_key(), state, betas, step, params, leapfrog)
            state, log_weights, accepted = jax.block_until_ready(result)
            return state, np.asarray(log_weights), np.asarray(accepted)

        def value_and_gradient(self, z):
            value, gradient = evaluate(z, params)
            return np.asarray(value), np.asarray(gradient)

        def energy_change(self, z, step, leapfrog):
            momentum = random.normal(self.next_key(), z.shape, f32)
            return np.asarray(energy_change(z, momentum, jnp.full(rows, step, f32), params, leapfrog))

    return JaxPeer()


if __name__ == "__main__":
    shared.main(build, __doc__)
