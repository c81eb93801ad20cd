import Feedback
import Hummingbird
import Web

/// How far raters agree, and who is to judge what.
struct AgreementController: Sendable {
    let store: FeedbackStore

    var routes: [APIRoute] { [report, assign] }

    private struct Wish: Decodable {
        let overlap: Int
    }

    private struct Assigned: Encodable, Sendable {
        let assigned: Int
    }

    private var report: APIRoute {
        .get("/api/agreement", .viewer, "Agreement of the raters, and their disagreements") { _ in
            AgreementReply(try await AgreementReport.make(store))
        }
    }

    private var assign: APIRoute {
        .json(
            .post, "/api/assignments", .administrator, "Give every case to several raters",
            body: .object([.required("overlap", .integer(1...20))])
        ) { (body: Wish, call) in
            let new = try await store.assignments.assign(
                overlap: body.overlap, actor: try call.account.id)
            return Assigned(assigned: new.count)
        }
    }
}
