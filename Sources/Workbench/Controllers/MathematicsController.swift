import Hummingbird
import Web

/// What a rater's judgement means to the model.
struct MathematicsController: Sendable {
    let service: any JudgementMathematics

    var routes: [APIRoute] { [mathematics] }

    private var mathematics: APIRoute {
        .get(
            "/api/samplings/{id}/mathematics", .expert,
            "Log-probabilities, rewards, loss and gradient of my ranking",
            query: [.optional("beta", .number(0.001...10))]
        ) { call in
            try await service.mathematics(
                of: try call.id(), rater: try call.account.id,
                beta: call.query.number("beta") ?? 0.1)
        }
    }
}
