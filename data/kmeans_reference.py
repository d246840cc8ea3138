"""Inertia that scikit-learn's KMeans reaches from a given start on generated points: the figures that
KMeansReferenceTests holds this library to. Run: python3 data/kmeans_reference.py (scikit-learn 1.9.1, NumPy 2.4)."""
import numpy as np
from sklearn.cluster import KMeans


def points(rows, features, groups, seed):
    """Doubles from a 64-bit linear congruential generator, then rounded to float32; as in the tests."""
    state = seed
    values = np.empty((rows, features))
    for row in range(rows):
        group = row % groups
        for feature in range(features):
            noise = 0.0
            for _ in range(3):
                state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
                noise += (state >> 40) / 2**24
            center = (group * 7 + feature * 3) % 11 if groups > 1 else 0
            values[row, feature] = center + 2.0 * noise - 3.0
    return values.astype(np.float32).astype(np.float64)


for rows, features, groups, clusters, seed in [
    (3000, 5, 6, 6, 1),
    (2000, 12, 9, 4, 2),
    (4000, 3, 1, 8, 3),
    (1500, 33, 20, 40, 4),
]:
    x = points(rows, features, groups, seed)
    start = x[(np.arange(clusters) * 37 + 5) % rows]
    found = KMeans(clusters, init=start, n_init=1, max_iter=300, tol=0).fit(x)
    print(f"rows {rows} features {features} groups {groups} clusters {clusters} seed {seed}: "
          f"inertia {found.inertia_!r} sizes {sorted(np.bincount(found.labels_).tolist())[:3]} iterations {found.n_iter_}")
