import Feedback
import Foundation
import Hummingbird
import Web

/// What somebody has typed and not submitted, so that it survives a reload.
struct DraftsController: Sendable {
    let drafts: DraftStore

    var routes: [APIRoute] { [show, put, delete] }

    private struct Kept: Encodable, Sendable {
        let updatedAt: Timestamp
    }

    private static let path = "/api/drafts/{key}"

    private var show: APIRoute {
        .get(Self.path, .expert, "My draft, or null") { call in
            let draft = try await drafts.find(try call.text("key"), account: try call.account.id)
            return OrNull(draft.map(DraftReply.init))
        }
    }

    private var put: APIRoute {
        APIRoute(
            method: .put, path: Self.path, access: .expert, summary: "Keep a draft",
            body: .json(.anything, limit: DraftStore.limit)
        ) { call in
            let (_, text) = try await RequestBodyReader.json(
                call.request, schema: .anything, limit: DraftStore.limit)
            let draft = try await drafts.put(
                String(buffer: text), key: try call.text("key"),
                account: try call.account.id)
            return try JSONReply.make(Kept(updatedAt: draft.updatedAt))
        }
    }

    private var delete: APIRoute {
        .silent(.delete, Self.path, .expert, "Throw a draft away") { call in
            try await drafts.delete(try call.text("key"), account: try call.account.id)
        }
    }
}
