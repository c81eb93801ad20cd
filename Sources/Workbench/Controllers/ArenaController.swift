import Feedback
import Hummingbird
import Web

/// Two versions side by side, blind.
struct ArenaController: Sendable {
    let duels: DuelStore
    let service: any CaseSampling

    var routes: [APIRoute] { [start, next, standing, judge] }

    private struct Wish: Decodable {
        let left: Int64
        let right: Int64
        let caseID: CaseID
    }

    private struct Started: Encodable, Sendable {
        let duelID: OrNull<Int64>
        let samplings: [Sampling]
    }

    /// Without versions: they are told when the duel has been judged.
    private struct Blind: Encodable, Sendable {
        struct Answer: Encodable, Sendable {
            let text: String
        }

        let id: Int64
        let question: String
        let images: [CaseImage]
        let left: Answer
        let right: Answer

        init(_ sheet: DuelSheet) {
            (id, question, images) = (sheet.duel.id, sheet.question, sheet.images)
            left = Answer(text: sheet.left.text)
            right = Answer(text: sheet.right.text)
        }
    }

    private struct Next: Encodable, Sendable {
        let duel: OrNull<Blind>
    }

    private struct Verdict: Decodable {
        let outcome: Duel.Outcome
    }

    private struct Judged: Encodable, Sendable {
        let duel: Duel
    }

    private var start: APIRoute {
        let shape = Schema.object([
            .required("left", .id), .required("right", .id),
            .required("caseID", .text(1...200)),
        ])
        return .json(
            .post, "/api/arena", .expert, "Let two versions answer a case", body: shape,
            status: .accepted
        ) { (body: Wish, call) in
            let started = try await service.compare(
                left: body.left, right: body.right, caseID: body.caseID,
                by: try call.account.id)
            return Started(duelID: OrNull(started.duel?.id), samplings: started.samplings)
        }
    }

    private var next: APIRoute {
        .get("/api/arena/next", .expert, "The next duel to judge, or null") { _ in
            let sheet = try await duels.next()
            return Next(duel: OrNull(sheet.map(Blind.init)))
        }
    }

    private var judge: APIRoute {
        let outcome = Schema.choice(Duel.Outcome.allCases.map(\.rawValue))
        return .json(
            .post, "/api/arena/{id}", .expert, "Say which answer is better",
            body: .object([.required("outcome", outcome)])
        ) { (body: Verdict, call) in
            Judged(
                duel: try await duels.judge(
                    try call.id(), outcome: body.outcome, by: try call.account.id))
        }
    }

    private var standing: APIRoute {
        .get("/api/arena/standing", .viewer, "Win rates and strengths of the versions") { _ in
            try await duels.standing()
        }
    }
}
