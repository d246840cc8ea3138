import RealModule

/// The search for the parameters, all over 0, that make data likeliest: in their logarithms, from several starts.
struct MaximumLikelihood {
    /// The model, for errors.
    let place: String
    let parameterNames: [String]
    /// The sum over all observations of the log-likelihood, with derivatives by the parameters.
    let evaluate: ([Double]) -> Evaluation
    /// Observations, by which the likelihood is divided for the search.
    let observationCount: Double
    /// Sizes of the parameters: the search looks from 1e-5 to 1e5 of each.
    let units: [Double]

    struct Result {
        let parameters: [Double]
        let logLikelihood: Double
        let standardErrors: [Double]
        /// Second derivatives of the negative mean log-likelihood by the logarithms.
        let hessian: [[Double]]
    }

    /// The best end over the starts.
    ///
    /// - Parameters:
    ///   - starts: values of the parameters; the first of equally good ends is taken.
    ///   - hessian: about the second derivatives at the only start, if they are known.
    /// - Throws: `boundary` or `notDetermined` if that is what the best end is, `notConverged` if there is none.
    func maximum(from starts: [[Double]], hessian: [[Double]]? = nil) throws(LifetimeFitError) -> Result {
        let minimizer = Minimizer { point in
            let parameters = zip(point, units).map { Double.exp($0) * $1 }
            let sum = evaluate(parameters)
            return Evaluation(
                value: -sum.value / observationCount,
                gradient: zip(sum.gradient, parameters).map { -$0 * $1 / observationCount })
        }
        var best: Minimum?
        for start in starts {
            let point = zip(start, units).map { min(max(Double.log($0 / $1), -10), 10) }
            let end = minimizer.minimum(from: point, hessian: hessian)
            guard end.ending != .exhausted else { continue }
            // A converged end is not given up for what rounding makes of the same height, and others give way to it.
            let margin = end.ending == .converged && best?.ending != .converged ? -1e-11 : 1e-11
            if best.map({ end.evaluation.value < $0.evaluation.value - margin }) ?? true { best = end }
        }
        guard let best else { throw .notConverged(at: place) }
        switch best.ending {
        case .boundary(let variable, let isUpper):
            throw .boundary(parameterNames[variable], isUpper ? .infinity : .zero, at: place)
        case .flat(let variable): throw .notDetermined(parameterNames[variable], at: place)
        default: return try result(best)
        }
    }

    private func result(_ best: Minimum) throws(LifetimeFitError) -> Result {
        let parameters = zip(best.point, units).map { Double.exp($0) * $1 }
        guard let covariance = SymmetricEigen(best.hessian).inverse else { throw .notConverged(at: place) }
        let errors = parameters.indices.map {
            parameters[$0] * (covariance[$0][$0] / observationCount).squareRoot()
        }
        return Result(
            parameters: parameters, logLikelihood: -best.evaluation.value * observationCount, standardErrors: errors,
            hessian: best.hessian)
    }
}
