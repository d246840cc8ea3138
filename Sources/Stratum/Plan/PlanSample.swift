extension Plan {
    /// A complete plan with a comment on every choice: what `stratum plan` prints, and data/plans/retail.yaml.
    public static let sample = """
        # A plan: which columns of the export count, how much, and what the customers are laid out in.
        # Only `version` and `dimensions` must be there; every other line shows its default or a common choice.
        version: 1
        # language: zh                     # of names that the plan leaves to the program: en (the default) or zh

        input:
          kind: customers                # one record for each customer; or orders: see data/plans/cdnow.yaml
          id: customer_id                # the column of ids
          delimiter: comma               # comma, semicolon, tab, pipe, another single mark, or auto: by the header
          # columns: {revenue_12m: Umsatz}    # the plan's name: the name in the file, where the two differ
          # skipLines: 3                 # lines before the header; 0 otherwise
          # comment: '#'                 # lines that begin with it are no records; none otherwise
          # encoding: gb18030            # utf-8, utf-16le, utf-16be; by its byte order mark otherwise, or utf-8
          # expectedRecords: 200000      # any other number of records ends the run; `score` asks --expect-rows alone
          nullWords: [NULL, n/a]         # missing, as the empty field always is
          decimalMark: point             # or comma
          # thousandsSeparator: comma    # comma, point, space, apostrophe or another character; none otherwise
          # currency: [€, USD]           # symbols that may stand before or after a number
          percent: false                 # true reads 12% as 0.12

        # derived:                         # columns computed from others: + - * / ( ) min max abs log
        #   margin_rate: gross_margin / revenue_12m      # "names with blanks" in quotes
        #   delivered: {benefits: {quality: 0.6, service: 0.4}, costs: {price: 0.2}}

        # For every indicator that does not say it itself.
        defaults:
          transform: none                # none, log1p, sqrt, signedLog1p, signedSqrt
          normalization: {kind: quantileRange, low: 1%, high: 99%}
                                         # or minMax, zScore, robustZ, percentileRank,
                                         # {kind: fixedRange, low: 1, high: 5}, with a benchmark: 3 that scores half,
                                         # {kind: grades, scores: {1: 0, 2: 0.4, 3: 1}}, or words: {gold: 1, tin: 0},
                                         # {kind: likert, points: 5}, {kind: semanticDifferential, reach: 3}, nps, yesNo
          missing: renormalize           # or median, worst, {constant: 0.5} (a score of 0 to 1), fail

        # Weights count in proportion; they need not sum to 1. A plain word is an indicator of weight 1.
        dimensions:
          - name: economic
            weight: 40%
            indicators:
              - {name: revenue_12m, weight: 40%}
              - {name: order_count, weight: 20%, kind: count}    # amount, count, days or rate; what
                                                                 # 'stratum explain' tells as needed of
                                                                 # counts and days is whole
              - {name: avg_order_value, weight: 15%}
              - {name: gross_margin, weight: 25%}
          - name: behavioral
            weight: 30%
            indicators:
              - {name: recency_days, weight: 40%, kind: days, direction: lower}
              - {name: visits_90d, weight: 30%}
              - {name: channels_used, weight: 15%}
              - {name: return_rate, weight: 15%, direction: lower, admissible: {minimum: 0, maximum: 1}}
          - name: potential
            weight: 20%
            indicators:
              - {name: growth_rate, weight: 60%}
              - name: tenure             # the name in reports,
                column: tenure_months    # where the column has another
                weight: 40%
                direction: higher        # higher, lower or {target: 24, zeroAt: 60}
          - name: social
            weight: 10%
            indicators: [nps, referrals]

        # weights: critic                # found, not given: equal, entropy, critic, standardDeviation, merec,
                                         # coefficientOfVariation, principalComponent; or learned from an outcome:
                                         # {method: leastSquares, outcome: next_revenue}, or logistic
        # judgments: [3, 5, 3, ...]      # or dimensions compared in pairs (AHP); a dimension may have its own

        aggregation: arithmetic          # arithmetic, or geometric: nothing makes up for a very weak dimension;
                                         # or topsis: nearness to the best in all indicators at once
        value: revenue_12m               # the column whose sums and shares the tables state

        tiers:
          by: score                      # score, or a column
          method: shares                 # shares, bands (atLeast, of a column), cutoffs (atLeast, of the score),
                                         # cumulativeShare, naturalBreaks, or hybrid: bands for some, shares for others
          # sharesOf: rest               # of a hybrid: rest (customers below the bands) or all
          ties: upward                   # equal values at a cut: upward, downward or {split: revenue_12m}
          tiers:                         # best first; the last one is the rest
            - {name: top, share: 1%}
            - {name: major, share: 4%}
            - {name: medium, share: 15%}
            - {name: small, share: 80%}
          # perGroup: region             # cut-offs of its own for each text in this column
          # hysteresis: 2%               # leave the last run's tier (--previous-scores) only past its cut-off by so much
          # Taken out before ranking, the first that applies of badDebt, negative, potential, inactive:
          # inactive: {name: inactive, column: recency_days, beyond: 365}
          # potential: {name: potential, column: order_count, atMost: 0}
          # negative: {name: loss-making, column: margin_after_service, below: 0}
          # badDebt: {name: bad debt, column: overdue_amount, above: 0, days: {column: overdue_days, above: 90}}

        segments:                        # or just `segments: 6`, or `segments: 2...12` to have the number chosen
          count: 6                       # or 2...12: each is tried, the best by the criterion is taken
          # criterion: silhouette        # of a range: silhouette (simplified), calinskiHarabasz, daviesBouldin, knee, gap
          # gapReferences: 10            # of a range: compute the gap statistic against so many sets
          # silhouetteSample: 2000       # of a range: the full silhouette of so many customers
          features: normalized           # normalized, zScore, robust, unscaled
          # columns: [revenue_12m, recency_days, nps]    # all indicators otherwise
          # weight: order_count          # a column of weights, 0 or more; otherwise each customer counts once
          seeding: greedyKMeansPlusPlus  # greedyKMeansPlusPlus, kMeansPlusPlus, kMeansParallel (for hundreds), random
          algorithm: automatic           # how, never what: automatic, lloyd, hamerly, yinyang
          iterationLimit: 300
          tolerance: 0.0001              # 0: until no customer moves
          restarts: 1
          seed: 0
          minimumShare: 0%               # smaller segments are dissolved, their customers go to the nearest other
          # names: {1: champions}        # segments are numbered by falling mean value, or like those of --previous

        # Names by ordered rules: the first that applies. A plan that leaves a customer without a name is refused.
        # classes:
        #   - name: state                  # also the column's heading; as many lists as are wanted
        #     rules:                       # of columns, dimensions, `score`: atLeast, above, atMost, below, orMissing
        #       - {name: lost, when: {recency_days: {above: 365}}}
        #       - {name: loyal, when: {order_count: {atLeast: 6}, return_rate: {atMost: 0.1}}}
        #       - {name: promising, anyOf: [{growth_rate: {above: 0.5}}, {nps: {atLeast: 9}}]}
        #       - other                    # a rule without `when` takes the rest
        #   - name: next_step              # also of tier, segment, cell and other classes: a name, a list, {not: …};
        #     rules:                       # of tiers, best first, atLeast, above, atMost, below too
        #       - {name: win back now, when: {tier: {atLeast: major}, recency_days: {above: 90}}}
        #       - {name: develop, when: {state: [loyal, promising], tier: {not: small}}}
        #       - watch
        # matrix:                          # two figures in 2 to 5 classes each: at cuts, or at quantiles of the customers
        #   x: {by: economic, quantiles: 50%}
        #   y: {by: potential, cuts: 50}
        #   cells: [[drop, maintain], [grow, keep]]    # from the lowest class of y on, each from the lowest of x
        # policies:                        # the first that is for a customer counts
        #   - {for: {tier: top}, action: call by the account manager, contacts: 12}
        #   - {for: {state: lost, tier: [major, medium]}, action: win back, contacts: 2}
        # workList: {capacity: 60, rankBy: revenue_12m}    # the first of those whose policy has contacts; per: tier
        #                                  # gives each tier (or segment, cell, class) a list of its own

        # reasons: {up: 2, down: 2}      # how many are told of each customer where output has reasonsUp, reasonsDown

        output:
          columns: [dimensions, score, percentileRank, tier, segment, flags]
                                         # also missingCount, contributions, reasonsUp, reasonsDown, pointsToNextTier,
                                         # classes, cell, action, contacts
          decimals: 3

        limits:
          maxRejects: 1%                 # of the records read, or a number

        """
}
