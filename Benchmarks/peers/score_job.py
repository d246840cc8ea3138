"""The scoring job that every contender does, once: columns, directions, weights and tiers of data/plans/scoring.yaml."""

# Dimension: (weight, {column: (weight, direction)}); a direction of -1 means that less is better.
DIMENSIONS = {
    "economic": (
        0.4,
        {
            "revenue_12m": (0.4, 1),
            "order_count": (0.2, 1),
            "avg_order_value": (0.15, 1),
            "gross_margin": (0.25, 1),
        },
    ),
    "behavioral": (
        0.3,
        {
            "recency_days": (0.4, -1),
            "visits_90d": (0.3, 1),
            "channels_used": (0.15, 1),
            "return_rate": (0.15, -1),
        },
    ),
    "potential": (0.2, {"growth_rate": (0.6, 1), "tenure_months": (0.4, 1)}),
    "social": (0.1, {"nps": (0.5, 1), "referrals": (0.5, 1)}),
}

# Every column is clipped to its own 1st and 99th percentile and scaled to 0..1 between them.
LOW_SHARE, HIGH_SHARE = 0.01, 0.99

# Best tier first, with the share of customers that it and the tiers above it hold.
TIERS = (("top", 0.01), ("major", 0.05), ("medium", 0.20), ("small", 1.0))

COLUMNS = [column for _, indicators in DIMENSIONS.values() for column in indicators]
DIMENSION_NAMES = list(DIMENSIONS)
