"""Writes special_functions.csv: values of the special functions behind the lifetime models, to 40 digits.

Usage: python make_special_functions.py > special_functions.csv   (needs mpmath)

Arguments are binary64 numbers, written so that they read back exactly; values come from mpmath with 150 digits, most of
which the closed forms lose by cancellation.
"""
from mpmath import mp, mpf, beta, digamma, hyp2f1, loggamma, log, nstr

mp.dps = 150
SIZES = [1e-5, 1e-3, 0.05, 0.243, 0.7, 1.0, 1.5, 2.426, 5.0, 11.9, 30.0, 250.0, 1e4, 1e5]


def row(name, arguments, value):
    print(",".join([name] + [repr(float(a)) for a in arguments] + [""] * (6 - len(arguments)) + [nstr(value, 40)]))


def purchases(a, b, shape, s):
    """(1 - (1 + p s)^-shape) / p over p from beta(a, b), by Gauss's function."""
    a, b, shape, s = map(mpf, (a, b, shape, s))
    if a == 1:
        a += mpf(10) ** -70
    z = s / (1 + s)
    return (a + b - 1) / (a - 1) * (1 - (1 - z) ** shape * hyp2f1(shape, b, a + b - 1, z))


def stage_purchases(a, b, shape, s, k, stage):
    """The same for Erlang-k times, by the sum over the stages."""
    a, b, shape, s = map(mpf, (a, b, shape, s))
    z = s / (1 + s)
    probability, total, made, survival, count, n = (1 - z) ** shape, mpf(0), mpf(0), mpf(1), 0, 0
    while n < 20 or probability > mpf(10) ** -60:
        total += probability * made
        probability *= z * (shape + n) / (n + 1)
        n += 1
        if (n + stage) % k == 0:
            made += survival
            survival *= (b + count) / (a + b + count)
            count += 1
    return total


def death_integral(recency, age, alpha, beta_, shape, s):
    """The antiderivative by Gauss's function at both ends."""
    recency, age, alpha, beta_, shape, s = map(mpf, (recency, age, alpha, beta_, shape, s))
    large, power = (alpha, s + 1) if alpha >= beta_ else (beta_, shape)

    def at(y):
        z = abs(alpha - beta_) / (large + y)
        return (large + y) ** -(shape + s) / (shape + s) * hyp2f1(shape + s, power, shape + s + 1, z)

    return at(recency) - at(age)


print("function,a1,a2,a3,a4,a5,a6,value")
for x in SIZES:
    row("logGamma", [x], loggamma(mpf(x)))
    row("digamma", [x], digamma(mpf(x)))
for x in SIZES:
    for y in SIZES[::2]:
        row("logBeta", [x, y], log(beta(mpf(x), mpf(y))))
    for step in [1e-4, 0.5, 1, 3, 17, 400, 1e6]:
        row("logGammaIncrease", [x, step], loggamma(mpf(x) + mpf(step)) - loggamma(mpf(x)))
        row("digammaIncrease", [x, step], digamma(mpf(x) + mpf(step)) - digamma(mpf(x)))
for a, b in [(0.793, 2.426), (1, 3), (0.05, 0.4), (1.0000001, 2), (3, 0.7), (40, 900), (0.9, 30), (0.01, 8)]:
    for shape in [0.243, 2.2, 30, 400]:
        for s in [1e-6, 0.02, 0.9, 6, 80, 3000, 1e6]:
            row("purchasesBeforeLeaving", [a, b, shape, s], purchases(a, b, shape, s))
for a, b, shape, s, k, stage in [
    (0.79, 2.42, 0.85, 1.2, 3, 0), (0.79, 2.42, 6.85, 0.3, 3, 2), (1, 5, 2, 9, 2, 1), (0.3, 9, 90, 0.6, 6, 4),
]:
    row("stagePurchases", [a, b, shape, s, k, stage], stage_purchases(a, b, shape, s, k, stage))
for alpha, beta_, s in [(10.578, 11.669, 0.606), (10, 10, 1), (0.2, 30, 0.05), (50, 0.01, 4), (1e3, 2, 20), (0.5, 400, 90)]:
    for shape in [0.553, 3.5, 60, 700]:
        for recency, age in [(0, 38.86), (30.43, 38.86), (38.8599, 38.86), (0, 0.01), (5, 4000)]:
            row("deathIntegral", [recency, age, alpha, beta_, shape, s],
                log(death_integral(recency, age, alpha, beta_, shape, s)))
