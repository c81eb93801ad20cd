extension RankingSubmission {
    /// Whether it judges exactly these traces, within all limits.
    ///
    /// - Throws: `FeedbackError.invalid`.
    func check(_ traces: [ShownTrace]) throws(FeedbackError) {
        try FieldCheck.number(revision, "revision", in: 0...Int(Int32.max))
        try FieldCheck.number(seconds, "seconds", in: 0...1_000_000)
        _ = try FieldCheck.optionalText(reason, "reason", limit: 16_384)
        try checkRanks(traces)
        try checkAxes(traces)
        try checkSpans(traces)
    }

    private func checkRanks(_ traces: [ShownTrace]) throws(FeedbackError) {
        if unacceptable && ranks.values.isEmpty { return }
        guard Set(ranks.values.keys) == Set(traces.map(\.id)) else {
            throw .invalid(field: "ranks", reason: "must be of every trace and no other")
        }
        for rank in ranks.values.values {
            try FieldCheck.number(rank, "ranks", in: 1...traces.count)
        }
    }

    private func checkAxes(_ traces: [ShownTrace]) throws(FeedbackError) {
        guard Set(axes.values.keys).isSubset(of: traces.map(\.id)) else {
            throw .invalid(field: "axes", reason: "are of a trace that was not shown")
        }
        for score in axes.values.values.flatMap(\.values) {
            try FieldCheck.number(score, "axes", in: 1...5)
        }
    }

    private func checkSpans(_ traces: [ShownTrace]) throws(FeedbackError) {
        if spans.count > 1000 { throw .invalid(field: "spans", reason: "are more than 1000") }
        for span in spans {
            guard let trace = traces.first(where: { $0.id == span.traceID }) else {
                throw .invalid(field: "spans", reason: "are of a trace that was not shown")
            }
            guard 0 <= span.start, span.start < span.end, span.end <= trace.text.utf16.count else {
                throw .invalid(field: "spans", reason: "one is not inside its text")
            }
            _ = try FieldCheck.optionalText(span.kind, "spans", limit: 64)
            _ = try FieldCheck.optionalText(span.note, "spans", limit: 4096)
        }
    }
}
