import Feedback
import Hummingbird
import Records
import Web

/// Where the model looked when it gave an answer.
struct OverlaysController: Sendable {
    let service: (any OverlayMaking)?

    var routes: [APIRoute] { [overlay] }

    private var overlay: APIRoute {
        let maps = OverlayMap.allCases.map(\.rawValue)
        return APIRoute(
            method: .get, path: "/api/traces/{id}/overlay", access: .expert,
            summary: "An image of the answer's case with what the model looked at laid over it",
            query: [
                .optional("map", .choice(maps)),
                .optional("image", .integer(0...(CaseDraft.mostImages - 1))),
            ],
            reply: .file(contentType: ImageKind.png.contentType)
        ) { call in
            guard let service else { throw APIError.notFound("place for images here") }
            let png = try await service.overlay(
                of: try call.id(), image: call.query.integer("image") ?? 0,
                call.query.text("map").flatMap(OverlayMap.init) ?? .saliency)
            return ImageReply.png(png)
        }
    }
}
