"""Training by Monte Carlo diffusion in plain JAX: one compiled loop over updates, a scan over transitions, float32."""

import math
import os
import sys

if "--threads" in sys.argv:
    os.environ["NPROC"] = sys.argv[sys.argv.index("--threads") + 1]

import mcd_workload as shared  # noqa: E402


def build(args):
    from functools import partial

    import jax
    import jax.numpy as jnp
    from jax import lax, random

    f32, nn = jnp.float32, jax.nn
    steps, batch, width, once = args.steps, args.batch, args.width, args.network == "once"
    keys = iter(random.split(random.key(args.seed), 100))

    def linear(inputs, outputs, bias=True):
        """As linear layers of PyTorch begin."""
        limit = 1 / math.sqrt(inputs)
        draw = lambda shape: random.uniform(next(keys), shape, f32, -limit, limit)  # noqa: E731
        return {"w": draw((inputs, outputs)), **({"b": draw((outputs,))} if bias else {})}

    def dense(layer, x):
        y = x @ layer["w"]
        return y + layer["b"] if "b" in layer else y

    def zeroed(layer):
        return jax.tree.map(jnp.zeros_like, layer)

    def score_start(inputs, dim):
        block = lambda: {  # noqa: E731
            "gain": jnp.ones(width),
            "shift": jnp.zeros(width),
            "inner": linear(width, 2 * width),
            "times": linear(args.embedding, 2 * width, bias=False),
            "outer": linear(2 * width, width),
        }
        return {
            "first": linear(inputs, width),
            "table": random.normal(next(keys), (steps, args.embedding), f32),
            "blocks": [block() for _ in range(3)],
            "last": zeroed(linear(width, dim)),
        }

    def score(net, x, time):
        """Of rows [R, i] with one row of the table, or of all transitions [K, R, i] with the whole of it."""
        h = dense(net["first"], x)
        for block in net["blocks"]:
            centred = h - h.mean(-1, keepdims=True)
            normal = centred * lax.rsqrt(jnp.square(centred).mean(-1, keepdims=True) + 1e-5)
            inner = dense(block["inner"], nn.silu(normal * block["gain"] + block["shift"]))
            inner = inner + jnp.expand_dims(dense(block["times"], time), -2)
            h = h + dense(block["outer"], nn.silu(inner))
        return dense(net["last"], h)

    def sizes_start(step):
        last = zeroed(linear(shared.UNITS, 1))
        return [linear(1, shared.UNITS), {**last, "b": last["b"] + shared.level(step)}]

    def step_sizes(layers):
        times = (jnp.arange(1, steps + 1, dtype=f32) / steps)[:, None]
        return shared.MAXIMUM * nn.sigmoid(dense(layers[1], nn.silu(dense(layers[0], times))))[:, 0]

    def mixture():
        """ULA-MCD."""
        dim, variance = shared.DIM, shared.START_STD**2
        centres = jnp.asarray(shared.centres(), f32)
        constant = math.log(shared.COMPONENTS) + 0.5 * dim * math.log(2 * math.pi)

        def log_density(x):
            return nn.logsumexp(-0.5 * jnp.square(x[:, None] - centres).sum(-1), 1) - constant

        force_at = jax.grad(lambda x: log_density(x).sum())

        def bound(parameters, key):
            deltas, betas = step_sizes(parameters["sizes"]), jnp.arange(1, steps + 1, dtype=f32) / steps
            net = parameters["score"]
            first, rest = random.split(key)
            x = shared.START_STD * random.normal(first, (batch, dim), f32)
            weight = 0.5 * jnp.square(x).sum(-1) / variance + 0.5 * dim * math.log(2 * math.pi * variance)

            def transition(carry, given):
                x, force, weight = carry
                beta, delta, key, time = given
                before = beta * force - (1 - beta) * x / variance
                new = x + delta * before + jnp.sqrt(2 * delta) * random.normal(key, x.shape, f32)
                force = force_at(new)
                after = beta * force - (1 - beta) * new / variance
                move = new - x
                weight = weight + ((before + after) * (0.25 * delta * (before - after) - 0.5 * move)).sum(-1)
                residual = move + delta * after
                if once:
                    return (new, force, weight), (new, residual)
                s = score(net, new, time)
                weight = weight - (s * residual).sum(-1) - delta * jnp.square(s).sum(-1)
                return (new, force, weight), None

            given = (betas, deltas, random.split(rest, steps), net["table"])
            (x, _, weight), seen = lax.scan(transition, (x, force_at(x), weight), given)
            if once:
                s = score(net, seen[0], net["table"])
                weight = weight - (s * seen[1]).sum((0, 2)) - (deltas[:, None, None] * jnp.square(s)).sum((0, 2))
            return (weight + log_density(x)).mean()

        return bound, {"score": score_start(dim, dim), "sizes": sizes_start(0.1)}

    def autoencoder():
        """UHA-MCD."""
        latent, hidden, pixels = shared.LATENT, shared.HIDDEN, shared.PIXELS
        x = jnp.asarray(shared.pictures(batch))

        def stack(widths):
            return [linear(a, b) for a, b in zip(widths[:-1], widths[1:])]

        def log_density(decoder, z):
            h = z
            for layer in decoder[:-1]:
                h = jnp.tanh(dense(layer, h))
            logits = dense(decoder[-1], h)
            prior = -0.5 * (jnp.square(z).sum(-1) + latent * math.log(2 * math.pi))
            return (x * logits - nn.softplus(logits)).sum(-1) + prior

        force_at = jax.grad(lambda z, decoder: log_density(decoder, z).sum())

        def bound(parameters, key):
            features, net, decoder = x, parameters["score"], parameters["decoder"]
            for layer in parameters["encoder"]:
                features = jnp.tanh(dense(layer, features))
            mean, log_variance, told = (dense(parameters[name], features) for name in ("mean", "log_variance", "summary"))
            precision, mass = jnp.exp(-log_variance), jnp.exp(parameters["log_mass"])
            gates = nn.sigmoid(parameters["schedule"])
            betas, deltas = jnp.cumsum(gates) / gates.sum(), step_sizes(parameters["sizes"])
            h = 0.98 * nn.sigmoid(parameters["refreshment"]) + 0.01
            spread, rate = 1 - h * h, -2 * jnp.log(h)
            first, second, rest = random.split(key, 3)
            noise = random.normal(first, (batch, latent), f32)
            z = mean + jnp.exp(0.5 * log_variance) * noise
            p = jnp.sqrt(mass) * random.normal(second, (batch, latent), f32)
            weight = 0.5 * (jnp.square(noise) + log_variance).sum(-1) + 0.5 * latent * math.log(2 * math.pi)

            def gain(shift, residual):
                return ((shift * residual - 0.5 * jnp.square(shift)) / (spread * mass)).sum(-1)

            def transition(carry, given):
                z, p, force, weight = carry
                beta, delta, key, time = given
                fresh = h * p + jnp.sqrt(spread * mass) * random.normal(key, p.shape, f32)
                seen, residual = jnp.concatenate([z, fresh, told], -1), p - h * fresh
                if not once:
                    weight = weight + gain(h * rate * mass * score(net, seen, time), residual)
                kicked = fresh + 0.5 * delta * (beta * force + (1 - beta) * (mean - z) * precision)
                z = z + delta * kicked / mass
                force = force_at(z, decoder)
                p = kicked + 0.5 * delta * (beta * force + (1 - beta) * (mean - z) * precision)
                weight = weight + 0.5 * ((jnp.square(fresh) - jnp.square(p)) / mass).sum(-1)
                return (z, p, force, weight), (seen, residual) if once else None

            given = (betas, deltas, random.split(rest, steps), net["table"])
            (z, _, _, weight), seen = lax.scan(transition, (z, p, force_at(z, decoder), weight), given)
            if once:
                weight = weight + gain(h * rate * mass * score(net, seen[0], net["table"]), seen[1]).sum(0)
            return (weight + log_density(decoder, z)).mean()

        parameters = {
            "encoder": stack((pixels, *hidden)),
            "mean": linear(hidden[-1], latent),
            "log_variance": linear(hidden[-1], latent),
            "summary": linear(hidden[-1], shared.SUMMARY),
            "decoder": stack((latent, *hidden, pixels)),
            "score": score_start(2 * latent + shared.SUMMARY, latent),
            "sizes": sizes_start(0.02),
            "schedule": jnp.zeros(steps),
            "log_mass": jnp.zeros(latent),
            "refreshment": jnp.asarray(0.85, f32),
        }
        return bound, parameters

    bound, start = {"mixture": mixture, "vae": autoencoder}[args.target]()
    rate = shared.RATES[args.target]

    def update(i, state):
        parameters, first, second, count, key, _ = state
        value, gradient = jax.value_and_grad(lambda p: -bound(p, random.fold_in(key, count)))(parameters)
        norm = jnp.sqrt(sum(jnp.square(leaf).sum() for leaf in jax.tree.leaves(gradient)))
        gradient = jax.tree.map(lambda g: g * jnp.minimum(1, shared.CLIP / norm), gradient)
        count = count + 1
        first = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, first, gradient)
        second = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, second, gradient)
        t = count.astype(f32)
        a, b = 1 - 0.9**t, 1 - 0.999**t
        move = lambda p, m, v: p - rate * (m / a) / (jnp.sqrt(v / b) + 1e-8)  # noqa: E731
        return jax.tree.map(move, parameters, first, second), first, second, count, key, -value

    @partial(jax.jit, donate_argnames="state")
    def updates(state, count):
        return lax.fori_loop(0, count, update, state)

    class JaxPeer:
        name = "jax"
        version = jax.__version__

        def __init__(self):
            zeros = lambda: jax.tree.map(jnp.zeros_like, start)  # noqa: E731
            self.state = (start, zeros(), zeros(), jnp.zeros((), jnp.int32), random.key(args.seed), jnp.zeros((), f32))

        def update(self, count):
            self.state = jax.block_until_ready(updates(self.state, count))
            return float(self.state[-1])

    return JaxPeer()


if __name__ == "__main__":
    shared.main(build, __doc__)
