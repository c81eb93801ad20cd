import Statistics

extension VisionSummary {
    /// Counts the answers of one model.
    ///
    /// - Parameters:
    ///   - task: the questions that were asked, in the order of the results.
    ///   - unasked: questions that were left out before.
    ///   - training: what majority and prior learn from; without it the majority is that of the
    ///     questions themselves and the prior is missing.
    public init(
        task: VisionTask, model: String, adapter: String?, settings: VisionSettings,
        results: [TemplateResults], training: TextTraining?, unasked: Int = 0
    ) {
        self.init(
            task: task, model: model, adapter: adapter, settings: settings, results: results,
            controls: TextControls(task.questions.map(\.asked), training), unasked: unasked)
    }

    /// - Parameter controls: what was answered without images or a model.
    init(
        task: VisionTask, model: String, adapter: String?, settings: VisionSettings,
        results: [TemplateResults], controls: TextControls, unasked: Int
    ) {
        let parts = Self.parts(of: task)
        self.task = task.kind.rawValue
        (self.model, self.adapter, self.settings) = (model, adapter, settings)
        (dataHash, trainHash) = (task.dataHash, controls.trainHash)
        trainQuestions = controls.trainQuestions
        (n, self.unasked) = (task.questions.count, unasked)
        templates = results.map { result in
            Template(
                template: result.template,
                rows: parts.map { Row($0, result, controls, settings) })
        }
        difference =
            results.count < 2
            ? nil
            : parts.map { part in
                Difference(part, results[0].items, results[1].items, seed: settings.seed)
            }
    }

    /// Some of the questions and what they share.
    struct Part {
        let facets: [String: String]
        let places: [Int]
        /// Nil where every question has an image of its own.
        let clusters: Clusters?
        /// The labels of the options that all of the questions offer; nil where they differ.
        let labels: [String]?

        init(facets: [String: String], places: [Int], of task: VisionTask) {
            (self.facets, self.places) = (facets, places)
            clusters = Clusters.shared(places.map { task.questions[$0].cluster })
            let options = Set(places.map { task.questions[$0].asked.options })
            let offered = options.count == 1 ? options.first ?? [] : []
            labels = offered.isEmpty ? nil : offered.map(\.label)
        }
    }

    /// All questions, then each breakdown by the values of its facets in alphabetical order; a
    /// question that lacks a facet is left out of its breakdowns.
    static func parts(of task: VisionTask) -> [Part] {
        let all = Part(facets: [:], places: Array(task.questions.indices), of: task)
        return [all]
            + task.kind.breakdowns.flatMap { names in
                let whole = task.questions.indices.filter { place in
                    names.allSatisfy { task.questions[place].facets[$0] != nil }
                }
                let groups = Dictionary(grouping: whole) { place in
                    names.map { task.questions[place].facets[$0] ?? "" }
                }
                return groups.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map {
                    Part(
                        facets: Dictionary(zip(names, $0.key)) { first, _ in first },
                        places: $0.value, of: task)
                }
            }
    }
}

/// What the controls without a model make of each question.
struct TextControls {
    let majority: [Bool]
    /// Nil without a training file.
    let prior: [Bool]?
    /// Of the training file; nil without one.
    let trainHash: String?
    /// Questions of that file.
    let trainQuestions: Int?

    init(_ asked: [TextQuestion], _ training: TextTraining?) {
        let rule = MajorityAnswer(training?.questions ?? asked)
        majority = asked.map(rule.isRight)
        let prior = training.map { TextPrior($0.questions) }
        self.prior = prior.map { prior in asked.map(prior.isRight) }
        (trainHash, trainQuestions) = (training?.sha256, training?.questions.count)
    }

    /// Those of several parts, each with what it learnt from its own training file, one after the
    /// other; `trainQuestions` is their mean.
    init(joining parts: [TextControls]) {
        majority = parts.flatMap(\.majority)
        let priors = parts.compactMap(\.prior)
        prior = priors.count == parts.count ? priors.flatMap(\.self) : nil
        trainHash = nil
        let counts = parts.compactMap(\.trainQuestions)
        trainQuestions = counts.isEmpty ? nil : counts.reduce(0, +) / counts.count
    }
}

extension VisionSummary.Row {
    init(
        _ part: VisionSummary.Part, _ result: TemplateResults, _ text: TextControls,
        _ settings: VisionSettings
    ) {
        let items = part.places.map { result.items[$0] }
        let right = items.map(\.correct)
        facets = part.facets
        n = items.count
        clusters = part.clusters?.count
        func share(_ outcomes: [Bool]) -> VisionSummary.Share {
            VisionSummary.Share(outcomes, part.clusters, seed: settings.seed)
        }
        accuracy = share(right)
        let strict = items.compactMap(\.strict)
        self.strict = strict.count == n ? share(strict) : nil
        let forms = items.compactMap(\.hasForm)
        form = forms.count == n ? share(forms) : nil
        open = VisionSummary.Open(items)
        options = part.labels.flatMap { labels in
            VisionSummary.Options(items, labels: labels, part.clusters, seed: settings.seed)
        }
        let candidates = Self.candidates(part.places, result, text, settings)
        controls = candidates.map { name, outcomes, missing in
            VisionSummary.Control(
                name: name, accuracy: outcomes.map(share), missing: missing)
        }
        visualGain = VisionSummary.Gain(
            right, candidates.compactMap { name, outcomes, _ in outcomes.map { (name, $0) } },
            part.clusters, seed: settings.seed)
    }

    private typealias Candidate = (name: String, outcomes: [Bool]?, missing: String?)

    private static func candidates(
        _ places: [Int], _ result: TemplateResults, _ text: TextControls,
        _ settings: VisionSettings
    ) -> [Candidate] {
        let shown = [ImageCondition.blank, .shuffled].map { condition -> Candidate in
            let items = result.controls[condition]
            let reason = settings.showsControls ? "all images are the same" : "not asked for"
            return (
                condition.rawValue, items.map { items in places.map { items[$0].correct } },
                items == nil ? reason : nil
            )
        }
        let prior = text.prior.map { prior in places.map { prior[$0] } }
        return [
            ("majority", places.map { text.majority[$0] }, nil),
            ("prior", prior, prior == nil ? "no training file" : nil),
        ] + shown
    }
}

extension VisionSummary.Gain {
    fileprivate init?(
        _ right: [Bool], _ controls: [(name: String, outcomes: [Bool])], _ clusters: Clusters?,
        seed: UInt64
    ) {
        let score = ControlledAccuracy(right, controls: controls.map(\.outcomes))
        guard let gain = score.gain,
            let interval = score.bootstrapInterval(clusters: clusters, seed: seed),
            let best = score.controls.max(),
            let name = zip(controls, score.controls).first(where: { $0.1 == best })?.0.name
        else { return nil }
        (value, self.interval, over) = (gain, interval, name)
    }
}

extension VisionSummary.Open {
    fileprivate init?(_ items: [ItemResult]) {
        let scores = items.compactMap(\.open)
        guard !scores.isEmpty else { return nil }
        let count = Double(scores.count)
        n = scores.count
        exact = Double(items.count { $0.open != nil && $0.correct }) / count
        tokenF1 = scores.reduce(0) { $0 + $1.f1 } / count
        tokenRecall = scores.reduce(0) { $0 + $1.recall } / count
    }
}

extension VisionSummary.Difference {
    fileprivate init(
        _ part: VisionSummary.Part, _ first: [ItemResult], _ second: [ItemResult], seed: UInt64
    ) {
        // The outcomes' difference is the second's less the first's.
        let (less, more) = (
            part.places.map { second[$0].correct }, part.places.map { first[$0].correct }
        )
        let outcomes = PairedOutcomes(first: less, second: more)
        (facets, n, value) = (part.facets, outcomes.count, outcomes.difference)
        interval =
            part.clusters?.differenceInterval(first: less, second: more, seed: seed)
            ?? outcomes.bootstrapInterval(seed: seed)
        p = McNemar(outcomes).exactP
    }
}
